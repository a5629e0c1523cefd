/* SPDX-License-Identifier: MIT */
#include "model/layout.h"
#include "tests/unit/samples/report_samples.h"
#include "tests/unit/unit.h"

enum { MEMBER_COUNT = 8 };

struct sample {
    struct type_table types;
    struct layout_member members[MEMBER_COUNT];
    struct layout layout;
};

/*
 * struct sample {
 *     int a;
 *     struct { int b; union { int c; int d; }; };
 *     struct { int hidden; } e;
 * };
 */
static int set_up(void **state)
{
    struct sample *sample = calloc(1, sizeof(*sample));
    struct type_table *types = &sample->types;

    type_table_init(types);
    const struct type *number = int_type(types);
    const struct type *unnamed = named(types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *unnamed_union = named(types, TYPE_UNION, TYPE_ANONYMOUS);
    const struct layout_member members[MEMBER_COUNT] = {
        {.name = "a", .type = number, .bit_offset = 0, .byte_size = 4, .depth = 0},
        {.name = "", .type = unnamed, .bit_offset = 32, .byte_size = 8, .depth = 0},
        {.name = "b", .type = number, .bit_offset = 32, .byte_size = 4, .depth = 1},
        {.name = "", .type = unnamed_union, .bit_offset = 64, .byte_size = 4, .depth = 1},
        {.name = "c", .type = number, .bit_offset = 64, .byte_size = 4, .depth = 2},
        {.name = "d", .type = number, .bit_offset = 64, .byte_size = 4, .depth = 2},
        {.name = "e", .type = unnamed, .bit_offset = 96, .byte_size = 4, .depth = 0},
        {.name = "hidden", .type = number, .bit_offset = 96, .byte_size = 4, .depth = 1},
    };
    memcpy(sample->members, members, sizeof(members));
    sample->layout = (struct layout){.name = "sample",
                                     .byte_size = 16,
                                     .member_count = MEMBER_COUNT,
                                     .members = sample->members};
    assert_success(layout_compute_digest(&sample->layout));
    *state = sample;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *sample = *state;

    type_table_deinit(&sample->types);
    free(sample);
    return 0;
}

static void fields_are_those_that_pages_show(void **state)
{
    struct sample *sample = *state;
    struct layout_fields fields = {.layout = &sample->layout};
    const char *const expected[] = {"a", "b", "c", "d", "e"};

    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        const struct layout_member *field = layout_next_field(&fields);
        assert_non_null(field);
        assert_string_equal(field->name, expected[i]);
    }
    assert_null(layout_next_field(&fields));
    assert_null(layout_next_field(&fields));
}

static void a_struct_without_members_has_no_fields(void **state UNUSED)
{
    struct layout layout = {.name = "lock_class_key"};
    struct layout_fields fields = {.layout = &layout};

    assert_null(layout_next_field(&fields));
}

static void a_member_ends_after_what_is_inside(void **state)
{
    const struct layout *layout = &((struct sample *)*state)->layout;

    assert_int_equal(layout_member_end(layout, 0), 1);
    assert_int_equal(layout_member_end(layout, 1), 6);
    assert_int_equal(layout_member_end(layout, 3), 6);
    assert_int_equal(layout_member_end(layout, 6), 8);
}

static void a_digest_is_of_the_layout_not_of_its_addresses(void **state)
{
    struct sample *sample = *state;
    struct sample *other = NULL;
    void *other_state = NULL;

    set_up(&other_state);
    other = other_state;
    assert_memory_equal(sample->layout.digest, other->layout.digest, LAYOUT_DIGEST_BYTES);
    tear_down(&other_state);
}

/* Does the layout have another digest now than OLD? */
static bool has_changed(struct sample *sample, const uint8_t *old)
{
    assert_success(layout_compute_digest(&sample->layout));
    return memcmp(sample->layout.digest, old, LAYOUT_DIGEST_BYTES) != 0;
}

static void every_part_counts_for_the_digest(void **state)
{
    struct sample *sample = *state;
    struct layout_member *member = &sample->members[2];
    const struct layout_member original = *member;
    uint8_t old[LAYOUT_DIGEST_BYTES];

    memcpy(old, sample->layout.digest, sizeof(old));
    member->name = "bb";
    assert_true(has_changed(sample, old));
    *member = original;
    member->bit_offset++;
    assert_true(has_changed(sample, old));
    *member = original;
    member->byte_size++;
    assert_true(has_changed(sample, old));
    *member = original;
    member->bitfield_size = 32;
    assert_true(has_changed(sample, old));
    *member = original;
    member->depth = 0;
    assert_true(has_changed(sample, old));
    *member = original;
    sample->layout.byte_size++;
    assert_true(has_changed(sample, old));
    sample->layout.byte_size--;
    sample->layout.name = "simple";
    assert_true(has_changed(sample, old));
    sample->layout.name = "sample";
    sample->layout.member_count--;
    assert_true(has_changed(sample, old));
    sample->layout.member_count++;
    assert_false(has_changed(sample, old));
}

/* Types that print alike but are not the same. */
static void the_digest_tells_types_apart_that_print_alike(void **state)
{
    struct sample *sample = *state;
    struct type_table *types = &sample->types;
    const struct type *number = int_type(types);
    struct type forward = {.kind = TYPE_FWD, .name = "module"};
    const struct type *pairs[][2] = {
        {array_of(types, number, 2, (const uint64_t[]){2, 6}), row_of(types, number, 12)},
        {array_of(types, number, 2, (const uint64_t[]){2, 6}),
         array_of(types, number, 2, (const uint64_t[]){3, 4})},
        {intern(types, &forward), named(types, TYPE_STRUCT, "module")},
        {named(types, TYPE_TYPEDEF, "int"), number},
        {around(types, TYPE_CONST, pointer_to(types, number)),
         pointer_to(types, around(types, TYPE_CONST, number))},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        uint8_t first[LAYOUT_DIGEST_BYTES];
        assert_string_equal(type_text(pairs[i][0]), type_text(pairs[i][1]));
        sample->members[2].type = pairs[i][0];
        assert_success(layout_compute_digest(&sample->layout));
        memcpy(first, sample->layout.digest, sizeof(first));
        sample->members[2].type = pairs[i][1];
        assert_true(has_changed(sample, first));
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fields_are_those_that_pages_show),
        TEST(a_struct_without_members_has_no_fields),
        TEST(a_member_ends_after_what_is_inside),
        TEST(a_digest_is_of_the_layout_not_of_its_addresses),
        TEST(every_part_counts_for_the_digest),
        TEST(the_digest_tells_types_apart_that_print_alike),
    };
#undef TEST
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
