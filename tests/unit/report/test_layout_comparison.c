/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/comparison_samples.h"

static void equal_layouts_do_not_differ(void **state UNUSED)
{
    const struct layout one = LAYOUT(8, field("int", "a", 0, 4), field("int", "b", 4, 4));
    struct layout_comparison comparison;

    assert_told(one, one, NULL, "");
    assert_success(layout_compare(&one, &one, NULL, &arena, &comparison));
    assert_int_equal(comparison.kinds, 0);
}

static void members_are_added_inserted_and_removed(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(12, field("int", "a", 0, 4), field("int", "gone", 4, 4), field("int", "b", 8, 4));
    const struct layout after = LAYOUT(24, field("int", "a", 0, 4), field("long", "new", 4, 8),
                                       field("int", "b", 12, 4), field("long", "last", 16, 8));

    assert_told(before, after, NULL,
                "new: inserted\n"
                "gone: removed\n"
                "b: moved\n"
                "last: added at the end\n"
                "added at the end, inserted, removed, moved, size changed");
    assert_told(after, before, NULL,
                "gone: inserted\n"
                "new: removed\n"
                "b: moved\n"
                "last: removed\n"
                "inserted, removed, moved, size changed");
}

static void sizes_widths_and_types_change(void **state UNUSED)
{
    const struct layout before = LAYOUT(16, field("spinlock_t", "lock", 0, 4), bits("flag", 32, 1),
                                        field("u32", "plain", 8, 4), field("int", "number", 12, 4));
    const struct layout after = LAYOUT(16, field("spinlock_t", "lock", 0, 8), bits("flag", 64, 2),
                                       bits("plain", 66, 3), field("u32", "number", 12, 4));

    assert_told(before, after, NULL,
                "lock: resized\n"
                "flag: moved, width changed\n"
                "plain: moved, width changed\n"
                "number: type changed\n"
                "moved, resized, width changed, type changed");
}

static void dimensions_and_parameters_are_part_of_a_type(void **state UNUSED)
{
    const uint64_t two_by_three[] = {2, 3};
    const uint64_t three_by_two[] = {3, 2};
    const struct type *one[] = {int_type(&types)};
    const struct type *none = function_of(&types, void_type(&types), 0, NULL);
    const struct layout before =
        LAYOUT(32, of_type(array_of(&types, int_type(&types), 2, two_by_three), "a", 0, 24),
               of_type(pointer_to(&types, none), "f", 24, 8));
    const struct layout after = LAYOUT(
        32, of_type(array_of(&types, int_type(&types), 2, three_by_two), "a", 0, 24),
        of_type(pointer_to(&types, function_of(&types, void_type(&types), 1, one)), "f", 24, 8));

    assert_told(before, after, NULL, "a: type changed\nf: type changed\ntype changed");
}

static void declarations_are_the_types_they_declare(void **state UNUSED)
{
    struct type declared = {.kind = TYPE_FWD, .name = "module"};
    struct type declared_union = {.kind = TYPE_FWD, .name = "module", .is_union = true};
    const struct type *forward = intern(&types, &declared);
    const struct type *forward_union = intern(&types, &declared_union);
    const struct type *defined = named(&types, TYPE_STRUCT, "module");
    const struct type *callback[] = {pointer_to(&types, forward)};
    const struct type *defined_callback[] = {pointer_to(&types, defined)};
    const struct type *f = function_of(&types, void_type(&types), 1, callback);
    const struct type *g = function_of(&types, void_type(&types), 1, defined_callback);
    const struct layout before = LAYOUT(16, of_type(pointer_to(&types, forward), "owner", 0, 8),
                                        of_type(pointer_to(&types, f), "call", 8, 8));
    const struct layout after = LAYOUT(16, of_type(pointer_to(&types, defined), "owner", 0, 8),
                                       of_type(pointer_to(&types, g), "call", 8, 8));
    const struct layout other =
        LAYOUT(16, of_type(pointer_to(&types, forward_union), "owner", 0, 8),
               of_type(pointer_to(&types, g), "call", 8, 8));

    assert_told(before, after, NULL, "");
    assert_told(after, before, NULL, "");
    assert_told(before, other, NULL, "owner: type changed\ntype changed");
}

static void nesting_changes_where_places_do_not(void **state UNUSED)
{
    const struct layout before = LAYOUT(8, field("int", "a", 0, 4), field("int", "b", 4, 4));
    const struct layout after =
        LAYOUT(8, nameless(TYPE_UNION, "", 0, 4), inside(1, field("int", "a", 0, 4)),
               nameless(TYPE_STRUCT, "", 4, 4), inside(1, field("int", "b", 4, 4)));

    assert_told(before, after, NULL, "a: nesting changed\nb: nesting changed\nnesting changed");
}

static void order_in_a_union_is_told_of_the_struct(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(4, nameless(TYPE_UNION, "", 0, 4), inside(1, field("int", "a", 0, 4)),
               inside(1, field("u32", "b", 0, 4)));
    const struct layout after =
        LAYOUT(4, nameless(TYPE_UNION, "", 0, 4), inside(1, field("u32", "b", 0, 4)),
               inside(1, field("int", "a", 0, 4)));

    assert_told(before, after, NULL, "reordered");
}

static void what_is_in_named_unnamed_structs_is_compared(void **state UNUSED)
{
    const struct type *body = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct layout before =
        LAYOUT(16, nameless(TYPE_STRUCT, "head", 0, 8), inside(1, field("int", "x", 0, 4)),
               inside(1, field("int", "y", 4, 4)), of_type(pointer_to(&types, body), "table", 8, 8),
               inside(1, field("int", "size", 0, 4)));
    const struct layout after =
        LAYOUT(16, nameless(TYPE_STRUCT, "head", 0, 8), inside(1, field("int", "x", 0, 4)),
               inside(1, field("u32", "y", 4, 4)), of_type(pointer_to(&types, body), "table", 8, 8),
               inside(1, field("long", "count", 0, 8)), inside(1, field("int", "size", 8, 4)));

    assert_told(before, after, NULL,
                "head.y: type changed\n"
                "table->count: inserted\n"
                "table->size: moved\n"
                "inserted, moved, type changed");
}

/* That a whole struct without a name has gone says that of its members too. */
static void members_of_what_is_gone_are_not_told(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(12, field("int", "a", 0, 4), nameless(TYPE_STRUCT, "head", 4, 8),
               inside(1, field("int", "x", 4, 4)), inside(1, field("int", "y", 8, 4)));
    const struct layout after = LAYOUT(4, field("int", "a", 0, 4));

    assert_told(before, after, NULL, "head: removed\nremoved, size changed");
    assert_told(after, before, NULL, "head: added at the end\nadded at the end, size changed");
}

/* `const struct { int x; };` has a name in the published schema that C does not have. */
static void qualified_structs_without_a_name_are_seen_through(void **state UNUSED)
{
    const struct type *body = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct layout_member constant =
        of_type(around(&types, TYPE_CONST, body), TYPE_ANONYMOUS, 0, 4);
    const struct layout before =
        LAYOUT(4, nameless(TYPE_STRUCT, "", 0, 4), inside(1, field("int", "x", 0, 4)));
    const struct layout after = LAYOUT(4, constant, inside(1, field("int", "x", 0, 4)));

    assert_told(before, after, NULL, "");
}

/* An import has fields without sizes, an array's dimensions multiplied, and no more of such a
 * struct than that name. */
static void imported_layouts_are_compared_as_far_as_known(void **state UNUSED)
{
    const uint64_t dimensions[] = {2, 3};
    const struct type *body = named(&types, TYPE_STRUCT, TYPE_ANONYMOUS);
    const struct type *constant = around(&types, TYPE_CONST, body);
    const struct layout read =
        LAYOUT(40, of_type(array_of(&types, int_type(&types), 2, dimensions), "a", 0, 24),
               of_type(constant, TYPE_ANONYMOUS, 24, 4), inside(1, field("int", "x", 24, 4)),
               nameless(TYPE_STRUCT, "head", 28, 4), inside(1, field("int", "y", 28, 4)),
               nameless(TYPE_UNION, "", 32, 4), inside(1, field("int", "z", 32, 4)));
    const struct layout imported =
        as_imported(LAYOUT(40, of_type(row_of(&types, int_type(&types), 6), "a", 0, 0),
                           of_type(constant, TYPE_ANONYMOUS, 24, 0), of_type(body, "head", 28, 0),
                           field("int", "z", 32, 0)));
    const struct layout other =
        as_imported(LAYOUT(40, of_type(row_of(&types, int_type(&types), 7), "a", 0, 0),
                           of_type(constant, TYPE_ANONYMOUS, 28, 0), of_type(body, "head", 32, 0),
                           field("int", "z", 36, 0)));

    assert_told(read, imported, NULL, "");
    assert_told(imported, read, NULL, "");
    assert_told(read, other, NULL,
                "a: type changed\n(anon): moved\nhead: moved\nz: moved\nmoved, type changed");
}

/* What was made from pages does not say where members are. */
static void unknown_places_are_no_difference(void **state UNUSED)
{
    const struct layout read = LAYOUT(8, field("int", "a", 0, 4), field("int", "b", 4, 4));
    const struct layout from_pages =
        as_imported(LAYOUT(0, field("int", "a", 0, 0), field("int", "b", 0, 0)));

    assert_told(read, from_pages, NULL, "");
    assert_told(from_pages, read, NULL, "");
}

static void runs_are_of_one_distance(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(24, field("int", "a", 0, 4), field("int", "b", 4, 4), field("int", "c", 8, 4),
               field("int", "d", 12, 4), field("int", "e", 16, 4), field("int", "f", 20, 4));
    const struct layout after =
        LAYOUT(32, field("int", "a", 0, 4), field("int", "b", 8, 4), field("int", "c", 12, 4),
               field("u32", "d", 16, 4), field("int", "e", 20, 4), field("int", "f", 28, 4));
    const struct layout_comparison comparison = compare(before, after, NULL);

    assert_int_equal(comparison.change_count, 5);
    assert_int_equal(layout_comparison_run_end(&comparison, 0), 2);
    assert_int_equal(member_change_distance(&comparison.changes[0]), 32);
    assert_int_equal(layout_comparison_run_end(&comparison, 2), 3);
    assert_int_equal(layout_comparison_run_end(&comparison, 3), 4);
    assert_int_equal(layout_comparison_run_end(&comparison, 4), 5);
}

static void runs_may_lead_towards_the_start(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(12, field("long", "gone", 0, 4), field("int", "a", 4, 4), field("int", "b", 8, 4));
    const struct layout after = LAYOUT(8, field("int", "a", 0, 4), field("int", "b", 4, 4));
    const struct layout_comparison comparison = compare(before, after, NULL);

    assert_int_equal(layout_comparison_run_end(&comparison, 0), 1);
    assert_int_equal(layout_comparison_run_end(&comparison, 1), 3);
    assert_int_equal(member_change_distance(&comparison.changes[1]), -32);
}

/* Foreign data may have what C does not allow. */
static void the_second_of_a_name_is_matched_with_the_second(void **state UNUSED)
{
    const struct layout before = LAYOUT(8, field("int", "x", 0, 4), field("u32", "x", 4, 4));
    const struct layout after = LAYOUT(8, field("int", "x", 0, 4), field("u64", "x", 4, 4));

    assert_told(before, after, NULL, "x: type changed\ntype changed");
}

/* Hundreds of thousands of members in reverse order: quick, or this test is not. */
static void big_structs_are_compared_quickly(void **state UNUSED)
{
    enum { COUNT = 200000, NAME_SIZE = 16 };
    struct layout_member *a = calloc(COUNT, sizeof(*a));
    struct layout_member *b = calloc(COUNT, sizeof(*b));
    char(*names)[2][NAME_SIZE] = calloc(COUNT, sizeof(*names));
    const struct comparison_scopes *no_scopes = NULL;

    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i][0], NAME_SIZE, "f%d", i);
        snprintf(names[i][1], NAME_SIZE, i % 2 ? "g%d" : "f%d", i);
        a[i] = field("int", names[i][0], 4 * (uint64_t)i, 4);
        b[COUNT - 1 - i] = field("int", names[i][1], 4 * (uint64_t)i, 4);
    }
    const struct layout_comparison comparison =
        compare(make_layout("big", 1, a, COUNT), make_layout("big", 1, b, COUNT), no_scopes);
    assert_int_equal(comparison.change_count, COUNT);
    free(a);
    free(b);
    free(names);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(equal_layouts_do_not_differ),
        TEST(members_are_added_inserted_and_removed),
        TEST(sizes_widths_and_types_change),
        TEST(dimensions_and_parameters_are_part_of_a_type),
        TEST(declarations_are_the_types_they_declare),
        TEST(nesting_changes_where_places_do_not),
        TEST(order_in_a_union_is_told_of_the_struct),
        TEST(what_is_in_named_unnamed_structs_is_compared),
        TEST(members_of_what_is_gone_are_not_told),
        TEST(qualified_structs_without_a_name_are_seen_through),
        TEST(imported_layouts_are_compared_as_far_as_known),
        TEST(unknown_places_are_no_difference),
        TEST(runs_are_of_one_distance),
        TEST(runs_may_lead_towards_the_start),
        TEST(the_second_of_a_name_is_matched_with_the_second),
        TEST(big_structs_are_compared_quickly),
    };
#undef TEST
    return cmocka_run_group_tests_name("layout comparison", tests, NULL, NULL);
}
