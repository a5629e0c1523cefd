/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stdbool.h>

#include "base/arena.h"
#include "tests/unit/unit.h"

static bool is_aligned(const void *pointer)
{
    return (uintptr_t)pointer % alignof(max_align_t) == 0;
}

static bool is_zeroed(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static void things_are_zeroed_aligned_and_apart(void **state UNUSED)
{
    enum { COUNT = 20000 };
    static unsigned char *things[COUNT];
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 97 + 1;
        things[i] = arena_allocate(&arena, 1, size);
        assert_non_null(things[i]);
        assert_true(is_aligned(things[i]));
        assert_true(is_zeroed(things[i], size));
        memset(things[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(things[i][0], i % 251 + 1);
        assert_int_equal(things[i][i % 97], i % 251 + 1);
    }
    arena_deinit(&arena);
}

static void a_thing_may_be_larger_than_a_block(void **state UNUSED)
{
    enum { BIG = 3 * 1024 * 1024 };
    struct arena arena;

    arena_init(&arena);
    unsigned char *before = arena_allocate(&arena, 10, 1);
    unsigned char *big = arena_allocate(&arena, BIG, 1);
    unsigned char *behind = arena_allocate(&arena, 10, 1);
    assert_non_null(before);
    assert_non_null(big);
    assert_non_null(behind);
    assert_true(is_zeroed(big, BIG));
    memset(before, 1, 10);
    memset(big, 2, BIG);
    memset(behind, 3, 10);
    assert_int_equal(before[9], 1);
    assert_int_equal(big[0], 2);
    assert_int_equal(big[BIG - 1], 2);
    assert_int_equal(behind[0], 3);
    arena_deinit(&arena);
}

static void overflow_gives_null(void **state UNUSED)
{
    struct arena arena;

    arena_init(&arena);
    assert_null(arena_allocate(&arena, SIZE_MAX, 2));
    assert_null(arena_allocate(&arena, SIZE_MAX / 2, 4));
    assert_null(arena_allocate(&arena, 1, SIZE_MAX));
    assert_null(arena_copy_text(&arena, "x", SIZE_MAX));
    assert_non_null(arena_allocate(&arena, 4, 4));
    arena_deinit(&arena);
}

static void nothing_is_something_too(void **state UNUSED)
{
    struct arena arena;

    arena_init(&arena);
    assert_non_null(arena_allocate(&arena, 0, 8));
    assert_non_null(arena_allocate(&arena, 8, 0));
    arena_deinit(&arena);
    arena_deinit(&arena);
}

static void a_copied_text_ends_with_nul(void **state UNUSED)
{
    struct arena arena;

    arena_init(&arena);
    char *empty = arena_copy_text(&arena, "abc", 0);
    char *copy = arena_copy_text(&arena, "abcdef", 3);
    assert_string_equal(empty, "");
    assert_string_equal(copy, "abc");
    arena_deinit(&arena);
}

static unsigned char *fill(struct arena *arena, size_t count, int value)
{
    unsigned char *bytes = arena_allocate(arena, count, 1);

    assert_non_null(bytes);
    memset(bytes, value, count);
    return bytes;
}

static void absorbed_things_live_on(void **state UNUSED)
{
    struct arena into;
    struct arena from;

    arena_init(&into);
    arena_init(&from);
    unsigned char *own = fill(&into, 1000, 1);
    unsigned char *first = fill(&from, 200 * 1024, 2);
    unsigned char *second = fill(&from, 200 * 1024, 3);
    arena_absorb(&into, &from);
    arena_deinit(&from);
    unsigned char *later = fill(&into, 1000, 4);
    unsigned char *other = fill(&from, 1000, 5);
    assert_int_equal(own[999], 1);
    assert_int_equal(first[200 * 1024 - 1], 2);
    assert_int_equal(second[0], 3);
    assert_int_equal(later[0], 4);
    assert_int_equal(other[999], 5);
    arena_deinit(&from);
    arena_deinit(&into);
}

static void what_is_left_of_a_block_stays_usable_after_absorbing(void **state UNUSED)
{
    struct arena into;
    struct arena from;

    arena_init(&into);
    arena_init(&from);
    unsigned char *before = fill(&into, 16, 1);
    fill(&from, 16, 2);
    arena_absorb(&into, &from);
    assert_ptr_equal(fill(&into, 16, 3), before + 16);
    arena_deinit(&into);
}

static void empty_arenas_absorb_and_are_absorbed(void **state UNUSED)
{
    struct arena into;
    struct arena from;

    arena_init(&into);
    arena_init(&from);
    arena_absorb(&into, &from);
    unsigned char *bytes = fill(&from, 100, 9);
    arena_absorb(&into, &from);
    arena_absorb(&into, &from);
    assert_int_equal(bytes[99], 9);
    assert_ptr_equal(fill(&into, 16, 1), bytes + 112);
    arena_deinit(&from);
    arena_deinit(&into);
}

static void a_list_grows_without_copying_itself_each_time(void **state UNUSED)
{
    struct arena arena;
    size_t *list = NULL;
    size_t moves = 0;

    arena_init(&arena);
    for (size_t count = 0; count < 1000; count++) {
        size_t *longer = arena_append(&arena, list, count, sizeof(*list));
        assert_non_null(longer);
        moves += longer != list;
        longer[count] = count;
        list = longer;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(list[i], i);
    assert_in_range(moves, 1, 11);
    arena_deinit(&arena);
}

/* Asks for so many pieces, all of which must be zeroed, and fills them. */
static unsigned char *take_and_fill(struct arena *arena, size_t count, size_t bytes)
{
    unsigned char *last = NULL;

    for (size_t i = 0; i < count; i++) {
        last = arena_allocate(arena, bytes, 1);
        assert_non_null(last);
        assert_true(is_zeroed(last, bytes));
        memset(last, 0xff, bytes);
    }
    return last;
}

static void a_cleared_arena_gives_zeroed_memory_again(void **state UNUSED)
{
    enum { ROUNDS = 4, COUNT = 5000 };
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < ROUNDS; i++) {
        take_and_fill(&arena, COUNT, 1000 + i);
        arena_clear(&arena);
    }
    take_and_fill(&arena, 1, 16);
    arena_clear(&arena);
    arena_clear(&arena);
    take_and_fill(&arena, COUNT, 1000);
    arena_deinit(&arena);
}

/* As the report's pages do, some of which need several blocks. */
static void a_cleared_arena_keeps_all_of_its_blocks(void **state UNUSED)
{
    enum { BIG = 3 * 1024 * 1024 };
    struct arena arena;

    arena_init(&arena);
    unsigned char *big = take_and_fill(&arena, 1, BIG);
    take_and_fill(&arena, 1, BIG + 16);
    arena_clear(&arena);
    take_and_fill(&arena, 1, BIG + 16);
    assert_ptr_equal(take_and_fill(&arena, 1, BIG), big);
    arena_deinit(&arena);
}

static void a_cleared_arena_does_not_keep_what_is_huge(void **state UNUSED)
{
    enum { HUGE_BYTES = 100 * 1024 * 1024 };
    struct arena arena;

    arena_init(&arena);
    assert_non_null(arena_allocate(&arena, HUGE_BYTES, 1));
    take_and_fill(&arena, 1, 1000);
    arena_clear(&arena);
    take_and_fill(&arena, 1, 1000);
    assert_null(arena.spare);
    arena_clear(&arena);
    arena_deinit(&arena);
    assert_null(arena.spare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(things_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_thing_may_be_larger_than_a_block),
        cmocka_unit_test(overflow_gives_null),
        cmocka_unit_test(nothing_is_something_too),
        cmocka_unit_test(a_copied_text_ends_with_nul),
        cmocka_unit_test(absorbed_things_live_on),
        cmocka_unit_test(what_is_left_of_a_block_stays_usable_after_absorbing),
        cmocka_unit_test(empty_arenas_absorb_and_are_absorbed),
        cmocka_unit_test(a_cleared_arena_gives_zeroed_memory_again),
        cmocka_unit_test(a_cleared_arena_keeps_all_of_its_blocks),
        cmocka_unit_test(a_cleared_arena_does_not_keep_what_is_huge),
        cmocka_unit_test(a_list_grows_without_copying_itself_each_time),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
