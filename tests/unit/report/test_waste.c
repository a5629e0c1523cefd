/* SPDX-License-Identifier: MIT */
#include "report/compare/waste.h"

#include "tests/unit/samples/struct_samples.h"

static int set_up(void **state)
{
    *state = struct_sample_create();
    return 0;
}

static int tear_down(void **state)
{
    struct_sample_destroy(*state);
    return 0;
}

/* What pahole says of the struct is in EXPECTED, in our words. */
static void assert_waste(const struct layout *layout, const char *expected)
{
    struct holes holes;
    struct buffer out;

    buffer_init(&out, SAMPLE_MAXIMUM);
    assert_success(holes_find(layout, HOLES_WHOLE_STRUCT, &holes));
    const struct waste_sum sum = waste_sum_of(&holes);
    waste_sum_append(&out, &sum);
    assert_string_equal(buffer_text(&out), expected);
    holes_deinit(&holes);
    buffer_deinit(&out);
}

static void bytes_and_bits_are_counted_apart(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member members[] = {
        sample_bits(sample, "a", 0, 5),
        sample_bits(sample, "b", 68, 2),
        sample_member(sample, "u8", "c", 96, 1),
    };
    const struct layout layout = SAMPLE_LAYOUT(16, members);

    assert_waste(&layout,
                 "holes: 1, in all 4 bytes; bit holes: 2, in all 57 bits; padding: 3 bytes");
}

static void a_struct_without_waste(void **state)
{
    struct struct_sample *sample = *state;
    const struct layout_member members[] = {sample_member(sample, "u8", "c", 0, 1)};
    const struct layout layout = SAMPLE_LAYOUT(1, members);

    assert_waste(&layout, "holes: none; padding: none");
}

/* struct { short a:2; _Bool b; int c:22; long d __attribute__((aligned(16))); }, packed: the rest
 * of the unit that c ends in is room for bit-fields. */
static void a_bit_field_across_two_units_shares_both(void **state)
{
    struct struct_sample *sample = *state;
    struct layout_member members[] = {
        sample_bits(sample, "a", 0, 2),
        sample_member(sample, "_Bool", "b", 8, 1),
        sample_bits(sample, "c", 16, 22),
        sample_member(sample, "u64", "d", 128, 8),
    };
    const struct layout layout = SAMPLE_LAYOUT(24, members);

    members[0].byte_size = 2;
    assert_waste(&layout, "holes: 1, in all 8 bytes; bit holes: 2, in all 32 bits; padding: none");
}

/* struct { short a:15; int :9; unsigned b:10; }, packed: so is the beginning of its first one. */
static void so_does_one_after_a_gap(void **state)
{
    struct struct_sample *sample = *state;
    struct layout_member members[] = {sample_bits(sample, "a", 0, 15),
                                      sample_bits(sample, "b", 24, 10)};
    const struct layout layout = SAMPLE_LAYOUT(9, members);

    members[0].byte_size = 2;
    assert_waste(&layout, "holes: none; bit holes: 1, in all 9 bits; padding: 1 byte and 30 bits");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(bytes_and_bits_are_counted_apart),
        TEST(a_struct_without_waste),
        TEST(a_bit_field_across_two_units_shares_both),
        TEST(so_does_one_after_a_gap),
    };
#undef TEST
    return cmocka_run_group_tests_name("waste", tests, NULL, NULL);
}
