/* SPDX-License-Identifier: MIT */
#include "report/layout_comparison.h"
#include "tests/unit/test_report_samples.h"

static struct type_table types;
static struct arena arena;

static int set_up(void **state UNUSED)
{
    type_table_init(&types);
    arena_init(&arena);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    type_table_deinit(&types);
    arena_deinit(&arena);
    return 0;
}

static const struct layout *find_nothing(const void *context UNUSED, const char *name UNUSED)
{
    return NULL;
}

static const struct comparison_scopes no_structs = {{find_nothing, NULL}, {find_nothing, NULL}};

static struct layout_member field(uint64_t byte_offset, const char *name)
{
    return (struct layout_member){
        .name = name, .type = int_type(&types), .bit_offset = byte_offset * 8};
}

#define LAYOUT(members_, byte_size_)                                                               \
    {                                                                                              \
        .name = "sample", .byte_size = (byte_size_), .lacks_member_sizes = true,                   \
        .member_count = ARRAY_LENGTH(members_), .members = (members_)                              \
    }

/* The hint of what was removed, or NULL. */
static const char *hint_of_removed(const struct layout *before, const struct layout *after)
{
    struct layout_comparison comparison;

    assert_success(layout_compare(before, after, &no_structs, &arena, &comparison));
    for (uint32_t i = 0; i < comparison.change_count; i++) {
        if (comparison.changes[i].kinds & CHANGE_REMOVED)
            return comparison.changes[i].hint_path;
    }
    return NULL;
}

static void another_name_at_the_same_place(void **state UNUSED)
{
    const struct layout_member a[] = {field(0, "x"), field(4, "old"), field(8, "y")};
    const struct layout_member b[] = {field(0, "x"), field(4, "new"), field(8, "other"),
                                      field(12, "y")};
    const struct layout before = LAYOUT(a, 12);
    const struct layout after = LAYOUT(b, 16);

    assert_string_equal(hint_of_removed(&before, &after), "new");
}

/* Where all offsets are 0 because nobody knows them, no two places are the same. */
static void unknown_places_are_not_the_same(void **state UNUSED)
{
    const struct layout_member a[] = {field(0, "x"), field(0, "old"), field(0, "y")};
    const struct layout_member b[] = {field(0, "x"), field(0, "y"), field(0, "unrelated")};
    const struct layout_member c[] = {field(0, "x"), field(0, "new"), field(0, "y")};
    const struct layout before = LAYOUT(a, 0);
    const struct layout after = LAYOUT(b, 0);
    const struct layout renamed = LAYOUT(c, 0);

    assert_null(hint_of_removed(&before, &after));
    assert_string_equal(hint_of_removed(&before, &renamed), "new");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(another_name_at_the_same_place),
        TEST(unknown_places_are_not_the_same),
    };
#undef TEST
    return cmocka_run_group_tests_name("change hints", tests, NULL, NULL);
}
