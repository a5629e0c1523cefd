/* SPDX-License-Identifier: MIT */
#include "report/compare/struct_difference.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

static struct type_table types;

static int set_up(void **state UNUSED)
{
    type_table_init(&types);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    type_table_deinit(&types);
    return 0;
}

static struct layout_member field(const char *type, const char *name)
{
    return (struct layout_member){.name = name, .type = named(&types, TYPE_TYPEDEF, type)};
}

#define LAYOUT(members_, count_)                                                                   \
    {                                                                                              \
        .name = "pair", .member_count = (count_), .members = (members_)                            \
    }

/* Neither places nor the order of fields nor a forward declaration are differences. */
static void what_prints_alike_has_not_changed(void **state UNUSED)
{
    struct type forward = {.kind = TYPE_FWD, .name = "module"};
    struct layout_member a[] = {field("int", "x"), field("int", "y"), field("", "owner")};
    struct layout_member b[] = {field("int", "y"), field("int", "x"), field("", "owner")};
    const struct layout first = LAYOUT(a, 3);
    const struct layout second = LAYOUT(b, 3);
    struct struct_difference difference;

    a[2].type = named(&types, TYPE_STRUCT, "module");
    b[2].type = intern(&types, &forward);
    b[0].bit_offset = 64;
    assert_success(struct_difference_compute(&first, &second, &difference));
    assert_int_equal(difference.change_count, 0);
    struct_difference_deinit(&difference);
}

static void the_second_of_a_name_is_matched_with_the_second(void **state UNUSED)
{
    const struct layout_member a[] = {field("u8", "x"), field("u16", "x"), field("u32", "x")};
    const struct layout_member b[] = {field("int", "y"), field("u8", "x"), field("u64", "x")};
    const struct layout first = LAYOUT(a, 3);
    const struct layout second = LAYOUT(b, 3);
    struct struct_difference difference;

    assert_success(struct_difference_compute(&first, &second, &difference));
    assert_int_equal(difference.change_count, 3);
    assert_int_equal(difference.changes[0].kind, FIELD_ADDED);
    assert_ptr_equal(difference.changes[0].after, &b[0]);
    assert_int_equal(difference.changes[1].kind, FIELD_REMOVED);
    assert_ptr_equal(difference.changes[1].before, &a[2]);
    assert_int_equal(difference.changes[2].kind, FIELD_TYPE_CHANGED);
    assert_ptr_equal(difference.changes[2].before, &a[1]);
    assert_ptr_equal(difference.changes[2].after, &b[2]);
    struct_difference_deinit(&difference);
}

/* Hundreds of thousands of fields in reverse order: quick, or this test is not. */
static void big_structs_are_compared_quickly(void **state UNUSED)
{
    enum { COUNT = 300000, NAME_SIZE = 16 };
    struct layout_member *a = calloc(COUNT, sizeof(*a));
    struct layout_member *b = calloc(COUNT, sizeof(*b));
    char(*names)[NAME_SIZE] = calloc(COUNT, sizeof(*names));
    struct struct_difference difference;

    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof(names[i]), "f%d", i % (COUNT / 2));
        a[i] = field("int", names[i]);
        b[COUNT - 1 - i] = a[i];
    }
    b[0].name = "other";
    const struct layout first = LAYOUT(a, COUNT);
    const struct layout second = LAYOUT(b, COUNT);
    assert_success(struct_difference_compute(&first, &second, &difference));
    assert_int_equal(difference.change_count, 2);
    struct_difference_deinit(&difference);
    free(a);
    free(b);
    free(names);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_prints_alike_has_not_changed),
        TEST(the_second_of_a_name_is_matched_with_the_second),
        TEST(big_structs_are_compared_quickly),
    };
#undef TEST
    return cmocka_run_group_tests_name("report difference", tests, NULL, NULL);
}
