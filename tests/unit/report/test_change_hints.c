/* SPDX-License-Identifier: MIT */
#include "tests/unit/samples/comparison_samples.h"

/* A kernel of the history that has only those structs, which are sorted. */
static struct scope scope_with(const struct layout *layouts, size_t count)
{
    struct history *history = arena_allocate(&arena, 1, sizeof(*history));
    const struct layout **list = arena_allocate(&arena, count, sizeof(*list));

    history->kernel_count = 1;
    history->definitions = arena_allocate(&arena, count, sizeof(*history->definitions));
    history->definition_count = count;
    for (size_t i = 0; i < count; i++) {
        list[i] = &layouts[i];
        history->definitions[i] =
            (struct history_definition){.name = layouts[i].name, .layouts = &list[i]};
    }
    return (struct scope){history, 0, NULL};
}

static const struct history nothing;
static const struct comparison_scopes empty_scopes = {{&nothing, 0, NULL}, {&nothing, 0, NULL}};

static struct layout_member embedded(const char *struct_name, const char *name,
                                     uint64_t byte_offset, uint64_t byte_size)
{
    return of_type(named(&types, TYPE_STRUCT, struct_name), name, byte_offset, byte_size);
}

static void hints_are_given_only_with_scopes(void **state UNUSED)
{
    const struct layout before = LAYOUT(8, field("int", "a", 0, 4), field("int", "old", 4, 4));
    const struct layout after = LAYOUT(8, field("int", "a", 0, 4), field("int", "new", 4, 4));

    assert_told(before, after, NULL,
                "new: added at the end\nold: removed\nadded at the end, removed");
    assert_told(before, after, &empty_scopes,
                "new: added at the end renamed old\n"
                "old: removed renamed new\n"
                "added at the end, removed");
}

/* task_struct between 5.4 and 5.8. */
static void renamed_by_neighbours(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(32, field("u64", "start_time", 0, 8), field("u64", "real_start_time", 8, 8),
               field("long", "min_flt", 16, 8));
    const struct layout after =
        LAYOUT(40, field("int", "new", 0, 4), field("u64", "start_time", 8, 8),
               field("u64", "start_boottime", 16, 8), field("long", "min_flt", 24, 8));

    assert_told(before, after, &empty_scopes,
                "new: inserted\n"
                "start_time: moved\n"
                "start_boottime: inserted renamed real_start_time\n"
                "real_start_time: removed renamed start_boottime\n"
                "min_flt: moved\n"
                "inserted, removed, moved, size changed");
}

static void renamed_by_place(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(16, field("int", "a", 0, 4), field("int", "old", 4, 4), field("long", "b", 8, 8));
    const struct layout after = LAYOUT(24, field("int", "a", 0, 4), field("int", "new", 4, 4),
                                       field("int", "more", 8, 4), field("long", "b", 16, 8));

    assert_told(before, after, &empty_scopes,
                "new: inserted renamed old\n"
                "more: inserted\n"
                "old: removed renamed new\n"
                "b: moved\n"
                "inserted, removed, moved, size changed");
}

/* The second of the new ones is where the first of the old ones was. */
static void neighbours_count_more_than_places(void **state UNUSED)
{
    const struct layout before = LAYOUT(16, field("int", "a", 0, 4), field("int", "old_x", 4, 4),
                                        field("int", "old_y", 8, 4), field("int", "b", 12, 4));
    const struct layout after =
        LAYOUT(20, field("int", "inserted", 0, 4), field("int", "a", 4, 4),
               field("int", "new_x", 8, 4), field("int", "new_y", 12, 4), field("int", "b", 16, 4));

    assert_told(before, after, &empty_scopes,
                "inserted: inserted\n"
                "a: moved\n"
                "new_x: inserted renamed old_x\n"
                "new_y: inserted renamed old_y\n"
                "old_x: removed renamed new_x\n"
                "old_y: removed renamed new_y\n"
                "b: moved\n"
                "inserted, removed, moved, size changed");
}

static void another_type_is_no_renaming(void **state UNUSED)
{
    const struct layout before = LAYOUT(8, field("int", "a", 0, 4), field("int", "old", 4, 4));
    const struct layout after = LAYOUT(8, field("int", "a", 0, 4), field("u32", "new", 4, 4));
    const struct layout width = LAYOUT(8, field("int", "a", 0, 4), bits("new", 32, 3));
    const struct layout other_width = LAYOUT(8, field("int", "a", 0, 4), bits("old", 32, 4));

    assert_told(before, after, &empty_scopes,
                "new: added at the end\nold: removed\nadded at the end, removed");
    assert_told(other_width, width, &empty_scopes,
                "new: added at the end\nold: removed\nadded at the end, removed");
}

static void moved_into_another_nameless_struct(void **state UNUSED)
{
    const struct layout before = LAYOUT(16, field("int", "a", 0, 4), field("long", "x", 8, 8));
    const struct layout after =
        LAYOUT(24, field("int", "a", 0, 4), nameless(TYPE_STRUCT, "sub", 8, 16),
               inside(1, field("int", "y", 8, 4)), inside(1, field("long", "x", 16, 8)));

    assert_told(before, after, &empty_scopes,
                "sub: added at the end\n"
                "x: removed renested sub.x\n"
                "added at the end, removed, size changed");
    assert_told(after, before, &empty_scopes,
                "x: added at the end renested sub.x\n"
                "sub: removed\n"
                "added at the end, removed, size changed");
}

static void moved_into_an_embedded_struct(void **state UNUSED)
{
    const struct layout inner =
        make_layout("mm", 16, MEMBERS(field("int", "count", 0, 4), field("pgd_t", "pgd", 8, 8)));
    const struct scope others = scope_with(&inner, 1);
    const struct comparison_scopes scopes = {others, others};
    const struct layout before = LAYOUT(16, field("int", "a", 0, 4), field("pgd_t", "pgd", 8, 8));
    const struct layout after = LAYOUT(24, field("int", "a", 0, 4), embedded("mm", "mm", 8, 16));

    assert_told(before, after, &scopes,
                "mm: added at the end\n"
                "pgd: removed embedded mm.pgd of mm\n"
                "added at the end, removed, size changed");
    assert_told(after, before, &scopes,
                "pgd: added at the end embedded mm.pgd of mm\n"
                "mm: removed\n"
                "added at the end, removed, size changed");
}

/* The struct was there, but not the member in it. */
static void moved_into_a_struct_that_was_embedded_already(void **state UNUSED)
{
    const struct layout old_inner = make_layout("mm", 8, MEMBERS(field("int", "count", 0, 4)));
    const struct layout new_inner =
        make_layout("mm", 16, MEMBERS(field("int", "count", 0, 4), field("pgd_t", "pgd", 8, 8)));
    const struct scope old_others = scope_with(&old_inner, 1);
    const struct scope new_others = scope_with(&new_inner, 1);
    const struct comparison_scopes scopes = {old_others, new_others};
    const struct comparison_scopes unchanged = {new_others, new_others};
    const struct layout before =
        LAYOUT(16, embedded("mm", "mm", 0, 8), field("pgd_t", "pgd", 8, 8));
    const struct layout after = LAYOUT(16, embedded("mm", "mm", 0, 16));

    assert_told(before, after, &scopes,
                "mm: resized\n"
                "pgd: removed embedded mm.pgd of mm\n"
                "removed, resized");
    assert_told(before, after, &unchanged, "mm: resized\npgd: removed\nremoved, resized");
}

/* The struct has the member in both kernels, but is embedded only in the later one. */
static void moved_into_a_member_of_another_type(void **state UNUSED)
{
    const struct layout inner = make_layout("mm", 8, MEMBERS(field("pgd_t", "pgd", 0, 8)));
    const struct scope others = scope_with(&inner, 1);
    const struct comparison_scopes scopes = {others, others};
    const struct layout before = LAYOUT(16, field("int", "mm", 0, 4), field("pgd_t", "pgd", 8, 8));
    const struct layout after = LAYOUT(8, embedded("mm", "mm", 0, 8));

    assert_told(before, after, &scopes,
                "mm: resized, type changed\n"
                "pgd: removed embedded mm.pgd of mm\n"
                "removed, resized, type changed, size changed");
}

static void nothing_is_said_of_what_may_be_either(void **state UNUSED)
{
    const struct layout inner[] = {
        make_layout("one", 8, MEMBERS(field("pgd_t", "pgd", 0, 8))),
        make_layout("two", 8, MEMBERS(field("pgd_t", "pgd", 0, 8))),
    };
    const struct scope others = scope_with(inner, 2);
    const struct comparison_scopes scopes = {others, others};
    const struct layout before = LAYOUT(8, field("pgd_t", "pgd", 0, 8));
    const struct layout after = LAYOUT(16, embedded("one", "x", 0, 8), embedded("two", "y", 8, 8));

    assert_told(before, after, &scopes,
                "x: added at the end\n"
                "y: added at the end\n"
                "pgd: removed\n"
                "added at the end, removed, size changed");
}

static void nothing_is_said_of_rivals(void **state UNUSED)
{
    const struct layout before = LAYOUT(16, field("int", "a", 0, 4), field("int", "x", 4, 4),
                                        field("int", "y", 8, 4), field("int", "b", 12, 4));
    const struct layout after = LAYOUT(20, field("int", "a", 0, 4), field("long", "more", 4, 4),
                                       field("int", "new", 12, 4), field("int", "b", 16, 4));

    assert_told(before, after, &empty_scopes,
                "more: inserted\n"
                "new: inserted\n"
                "x: removed\n"
                "y: removed\n"
                "b: moved\n"
                "inserted, removed, moved, size changed");
}

static void nothing_is_said_of_rivals_in_a_union(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(4, nameless(TYPE_UNION, "", 0, 4), inside(1, field("int", "x", 0, 4)),
               inside(1, field("int", "y", 0, 4)), inside(1, field("u32", "a", 0, 4)));
    const struct layout after =
        LAYOUT(4, nameless(TYPE_UNION, "", 0, 4), inside(1, field("int", "new", 0, 4)),
               inside(1, field("u32", "a", 0, 4)));

    assert_told(before, after, &empty_scopes,
                "new: inserted\nx: removed\ny: removed\ninserted, removed");
}

/* Two of the name have gone and there is one now. */
static void nothing_is_said_of_namesakes(void **state UNUSED)
{
    const struct layout before =
        LAYOUT(8, nameless(TYPE_STRUCT, "p", 0, 4), inside(1, field("int", "x", 0, 4)),
               nameless(TYPE_UNION, "q", 4, 4), inside(1, field("int", "x", 4, 4)));
    const struct layout after =
        LAYOUT(24, field("long", "a", 0, 8), field("long", "b", 8, 8), field("int", "x", 16, 4));

    assert_told(before, after, &empty_scopes,
                "a: added at the end\n"
                "b: added at the end\n"
                "x: added at the end\n"
                "p: removed\n"
                "q: removed\n"
                "added at the end, removed, size changed");
}

/* All members are at 0, as far as a layout from pages tells. */
static void unknown_places_are_not_the_same_place(void **state UNUSED)
{
    const struct layout before =
        as_imported(LAYOUT(0, field("int", "old", 0, 0), field("u32", "a", 0, 0)));
    const struct layout after =
        as_imported(LAYOUT(0, field("u32", "a", 0, 0), field("int", "new", 0, 0)));

    assert_told(before, after, &empty_scopes,
                "old: removed\nnew: added at the end\nadded at the end, removed");
}

/* Nothing of the struct is left: there is nothing to go by but places. */
static void other_structs_are_not_full_of_renamings(void **state UNUSED)
{
    const struct layout before = LAYOUT(16, field("long", "a", 0, 8), field("int", "b", 8, 4));
    const struct layout after = LAYOUT(24, field("char", "c", 0, 1), field("int", "d", 16, 4));

    assert_told(before, after, &empty_scopes,
                "c: added at the end\n"
                "d: added at the end\n"
                "a: removed\n"
                "b: removed\n"
                "added at the end, removed, size changed");
}

/* Every member has another name: no guess is worth the time that all pairs take. */
static void big_structs_get_no_hints_but_quickly(void **state UNUSED)
{
    enum { COUNT = 50000, NAME_SIZE = 16 };
    struct layout_member *a = calloc(COUNT, sizeof(*a));
    struct layout_member *b = calloc(COUNT, sizeof(*b));
    char(*names)[2][NAME_SIZE] = calloc(COUNT, sizeof(*names));

    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i][0], NAME_SIZE, "f%d", i);
        snprintf(names[i][1], NAME_SIZE, "g%d", i);
        a[i] = field("int", names[i][0], 4 * (uint64_t)i, 4);
        b[i] = field("int", names[i][1], 4 * (uint64_t)i, 4);
    }
    const struct layout_comparison comparison =
        compare(make_layout("big", 1, a, COUNT), make_layout("big", 1, b, COUNT), &empty_scopes);
    assert_int_equal(comparison.change_count, 2 * COUNT);
    free(a);
    free(b);
    free(names);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hints_are_given_only_with_scopes),
        TEST(renamed_by_neighbours),
        TEST(renamed_by_place),
        TEST(neighbours_count_more_than_places),
        TEST(another_type_is_no_renaming),
        TEST(moved_into_another_nameless_struct),
        TEST(moved_into_an_embedded_struct),
        TEST(moved_into_a_struct_that_was_embedded_already),
        TEST(moved_into_a_member_of_another_type),
        TEST(nothing_is_said_of_what_may_be_either),
        TEST(nothing_is_said_of_rivals),
        TEST(nothing_is_said_of_rivals_in_a_union),
        TEST(nothing_is_said_of_namesakes),
        TEST(unknown_places_are_not_the_same_place),
        TEST(other_structs_are_not_full_of_renamings),
        TEST(big_structs_get_no_hints_but_quickly),
    };
#undef TEST
    return cmocka_run_group_tests_name("change hints", tests, NULL, NULL);
}
