/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_hints.h"

#include "report/offsets/offset_path.h"
#include "report/offsets/offset_word.h"
#include "tests/unit/samples/offset_samples.h"

static struct sample sample;
static struct arena arena;

static const struct type *structure(const char *name)
{
    return named(&sample.history.types, TYPE_STRUCT, name);
}

static const struct type *unsigned_64(void)
{
    return named(&sample.history.types, TYPE_TYPEDEF, "u64");
}

/* struct inner { u64 a; u64 b[4]; struct leaf leaves[3]; } and an outer one with all there is. */
static int set_up(void **state UNUSED)
{
    struct type_table *types = &sample.history.types;

    arena_init(&arena);
    sample_init(&sample);
    const struct type *matrix = array_of(types, int_type(types), 2, (const uint64_t[]){2, 3});
    const struct type *constant_inner = around(types, TYPE_CONST, structure("inner"));
    const struct layout_member inner[] = {
        at_byte(0, "a", unsigned_64(), 8),
        at_byte(8, "b", row_of(types, unsigned_64(), 4), 32),
        at_byte(40, "leaves", row_of(types, structure("leaf"), 3), 12),
    };
    const struct layout_member leaf[] = {
        at_byte(0, "x", int_type(types), 4),
    };
    struct layout_member outer[] = {
        at_byte(0, "flags", int_type(types), 4),
        at_byte(4, "low", int_type(types), 4),
        at_byte(8, "inner", constant_inner, 56),
        at_byte(64, "next", pointer_to(types, structure("inner")), 8),
        at_byte(72, "", named(types, TYPE_UNION, TYPE_ANONYMOUS), 8),
        inside(1, at_byte(72, "one", unsigned_64(), 8)),
        inside(1, at_byte(72, "", structure(TYPE_ANONYMOUS), 8)),
        inside(2, at_byte(76, "two", int_type(types), 4)),
        at_byte(80, "header", structure(TYPE_ANONYMOUS), 16),
        inside(1, at_byte(88, "length", unsigned_64(), 8)),
        at_byte(96, "slots", row_of(types, structure(TYPE_ANONYMOUS), 4), 64),
        inside(1, at_byte(96, "key", unsigned_64(), 8)),
        inside(1, at_byte(104, "inner", structure("leaf"), 4)),
        at_byte(160, "matrix", matrix, 24),
        at_byte(184, "kept", named(types, TYPE_UNION, "kept"), 8),
        at_byte(192, "rest", row_of(types, unsigned_64(), 0), 0),
        at_byte(192, "leaves", row_of(types, structure("leaf"), 0), 0),
    };
    outer[1].bitfield_size = 5;
    outer[1].bit_offset += 3;
    SAMPLE_ADD(&sample, 0, 2, "inner", 56, inner);
    SAMPLE_ADD(&sample, 0, 2, "leaf", 4, leaf);
    SAMPLE_ADD(&sample, 0, 2, "outer", 192, outer);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    sample_deinit(&sample);
    arena_deinit(&arena);
    return 0;
}

static struct offset_place find(const char *path)
{
    const struct scope scope = {&sample.history, 0, NULL};
    struct offset_place place;

    assert_success(offset_path_resolve(&scope, DEFINITION_STRUCT, "outer", path, &arena, &place));
    return place;
}

static void assert_found(const char *path, uint64_t bit_offset, uint64_t byte_size,
                         const char *type)
{
    struct offset_place place = find(path);

    if (place.status != OFFSET_FOUND)
        fail_msg("%s: %s", path, place.reason);
    assert_true(place.has_bit_offset);
    assert_int_equal(place.bit_offset, bit_offset);
    assert_true(place.has_byte_size);
    assert_int_equal(place.byte_size, byte_size);
    assert_string_equal(type_text(place.type), type);
}

static void assert_refused(const char *path, enum offset_status status, const char *reason)
{
    struct offset_place place = find(path);

    assert_int_equal(place.status, status);
    assert_string_equal(place.reason, reason);
}

static void members_and_what_is_embedded(void **state UNUSED)
{
    assert_found("flags", 0, 4, "int");
    assert_found("inner", 64, 56, "const struct inner");
    assert_found("inner.a", 64, 8, "u64");
    assert_found("inner.b", 128, 32, "u64[4]");
    assert_found("one", 576, 8, "u64");
    assert_found("two", 608, 4, "int");
    assert_found("header.length", 704, 8, "u64");
    assert_found("next", 512, 8, "struct inner *");
}

static void bit_fields_have_bits(void **state UNUSED)
{
    struct offset_place place = find("low");

    assert_int_equal(place.status, OFFSET_FOUND);
    assert_int_equal(place.bit_offset, 35);
    assert_int_equal(place.bitfield_size, 5);
    assert_true(place.has_byte_size);
    assert_int_equal(place.byte_size, 4);
}

static void elements_of_arrays(void **state UNUSED)
{
    assert_found("inner.b[3]", 64 + 64 + 3 * 64, 8, "u64");
    assert_found("inner.leaves[2].x", 64 + 320 + 2 * 32, 4, "int");
    assert_found("slots[0].key", 96 * 8, 8, "u64");
    assert_found("slots[3].key", 96 * 8 + 3 * 128, 8, "u64");
    assert_found("slots[2].inner.x", 104 * 8 + 2 * 128, 4, "int");
    assert_found("matrix[1][2]", 160 * 8 + 5 * 32, 4, "int");
    assert_found("leaves[9].x", 192 * 8 + 9 * 32, 4, "int");
}

static void what_cannot_be_said(void **state UNUSED)
{
    assert_refused("inner.leaves.x", OFFSET_NOT_FOLLOWED,
                   "`leaves` is an array; say which element, as in leaves[0]");
    assert_refused("slots.key", OFFSET_NOT_FOLLOWED,
                   "`slots` is an array; say which element, as in slots[0]");
    assert_refused("inner.b[4]", OFFSET_NO_ELEMENT, "`b` has only 4 elements");
    assert_refused("inner.b[18446744073709551616]", OFFSET_NO_ELEMENT, "`b` has only 4 elements");
    assert_refused("matrix[1][3]", OFFSET_NO_ELEMENT, "`matrix` has only 3 elements");
    assert_refused("matrix[1]", OFFSET_NOT_FOLLOWED,
                   "`matrix` has 2 dimensions; say which element in each");
    assert_refused("flags[0]", OFFSET_NO_ELEMENT, "`flags` is no array");
    assert_int_equal(find("rest[1]").status, OFFSET_FOUND);
    assert_false(find("rest[1]").has_bit_offset);
    assert_refused("next.a", OFFSET_NOT_FOLLOWED,
                   "`next` is a pointer, which is not followed; ask for inner.a");
    assert_refused("kept.a", OFFSET_UNKNOWN, "what is in `kept` (union kept) is not recorded");
    assert_refused("one.a", OFFSET_UNKNOWN, "what is in `one` (u64) is not recorded");
}

static void what_is_not_there(void **state UNUSED)
{
    assert_refused("nothing", OFFSET_NO_FIELD, "no such field");
    assert_refused("inner.c", OFFSET_NO_FIELD, "no such field in struct inner");
    assert_refused("header.c", OFFSET_NO_FIELD, "no such field in `header`");
    assert_refused("flags.x", OFFSET_NO_FIELD, "`flags` has no members");
    assert_refused("length", OFFSET_NO_FIELD, "no such field");
    struct offset_place place = find("inner.leaves[1].y");
    assert_int_equal(place.status, OFFSET_NO_FIELD);
    assert_string_equal(place.definition_name, "leaf");
    assert_int_equal(place.path_start, strlen("inner.leaves[1]."));
    assert_int_equal(place.path_end, strlen("inner.leaves[1].y"));
}

/* Names of foreign data may be anything; nothing may be read past their end. */
static void strange_paths_lead_nowhere(void **state UNUSED)
{
    static const char *const paths[] = {"",           ".",        "inner.",
                                        "inner..a",   "inner.b[", "inner.b[]",
                                        "inner.b[1",  "[0]",      "inner.b[99999999999999999999]",
                                        "inner.b[1]a"};

    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        assert_int_not_equal(find(paths[i]).status, OFFSET_FOUND);
}

static void offsets_do_not_wrap(void **state UNUSED)
{
    const struct layout_member member =
        at_byte(0, "a", row_of(&sample.history.types, structure("inner"), 0), 0);

    sample_add(&sample, 0, 0, "outer", 8, &member, 1);
    sample_add(&sample, 0, 0, "inner", UINT64_MAX, &member, 1);
    assert_int_equal(find("a[18446744073709551615]").bit_offset, UINT64_MAX);
}

/* Imported kernels have sizes of structs, but not of members; and some not even these. */
static void imported_structs(void **state UNUSED)
{
    struct type_table *types = &sample.history.types;
    const struct layout_member members[] = {
        at_byte(0, "inner", structure("inner"), 0),
        at_byte(56, "leaves", row_of(types, structure("leaf"), 3), 0),
        at_byte(68, "numbers", row_of(types, unsigned_64(), 3), 0),
        at_byte(92, "header", structure(TYPE_ANONYMOUS), 0),
    };
    struct layout *layout = SAMPLE_ADD(&sample, 0, 0, "outer", 100, members);

    layout->lacks_member_sizes = true;
    assert_false(find("numbers").has_byte_size);
    assert_found("leaves[2]", 64 * 8, 4, "struct leaf");
    assert_found("inner.a", 0, 8, "u64");
    assert_int_equal(find("numbers[1]").status, OFFSET_FOUND);
    assert_false(find("numbers[1]").has_bit_offset);
    assert_false(find("numbers[1]").has_byte_size);
    assert_int_equal(find("numbers[0]").bit_offset, 68 * 8);
    assert_refused("header.length", OFFSET_UNKNOWN,
                   "what is in `header` (struct (anon)) is not recorded");
    assert_refused("nothing", OFFSET_NO_FIELD, "no such field");
    layout->byte_size = 0;
    assert_int_equal(find("numbers").status, OFFSET_FOUND);
    assert_false(find("numbers").has_bit_offset);
    assert_false(find("inner.a").has_bit_offset);
}

/* What C reaches as the struct's own may be in a part that an import does not tell about. */
static void imported_parts_without_a_name(void **state UNUSED)
{
    const struct type *part = around(&sample.history.types, TYPE_CONST, structure(TYPE_ANONYMOUS));
    const struct layout_member members[] = {at_byte(0, TYPE_ANONYMOUS, part, 0)};
    struct layout *layout = SAMPLE_ADD(&sample, 0, 0, "outer", 8, members);

    layout->lacks_member_sizes = true;
    assert_refused("hidden", OFFSET_UNKNOWN,
                   "what is in a struct or union without a name is not recorded");
    assert_int_equal(offset_place_without_field(layout, "hidden").status, OFFSET_UNKNOWN);
}

static void assert_word(const char *text, const char *definition_name, const char *path)
{
    struct offset_word word;

    assert_success(offset_word_parse(text, &arena, &word));
    assert_string_equal(word.definition_name, definition_name);
    assert_string_equal(word.path, path);
}

static void words(void **state UNUSED)
{
    static const char *const bad[] = {"",       ".pid",  "a.",     "a..b",    "a.b[",
                                      "a.b[x]", "a.[1]", "a[1].b", "a.b[1]c", "a.b[-1]"};
    struct offset_word word;

    assert_word("task_struct", "task_struct", "");
    assert_word("task_struct.pid", "task_struct", "pid");
    assert_word("  task_struct.se.vruntime ", "task_struct", "se.vruntime");
    assert_word("a.b[1][2].c", "a", "b[1][2].c");
    assert_word("structure.x", "structure", "x");
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_failure(offset_word_parse(bad[i], &arena, &word), ERROR_USAGE, bad[i]);
    assert_failure(offset_word_parse("task_struct->mm", &arena, &word), ERROR_USAGE,
                   "`->` is not followed");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(members_and_what_is_embedded),
        TEST(bit_fields_have_bits),
        TEST(elements_of_arrays),
        TEST(what_cannot_be_said),
        TEST(what_is_not_there),
        TEST(strange_paths_lead_nowhere),
        TEST(offsets_do_not_wrap),
        TEST(imported_structs),
        TEST(imported_parts_without_a_name),
        TEST(words),
    };
#undef TEST
    return cmocka_run_group_tests_name("offset path", tests, NULL, NULL);
}
