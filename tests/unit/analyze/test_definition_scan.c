/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "analyze/definition_scan.h"
#include "tests/unit/samples/c_units.h"
#include "tests/unit/unit.h"

enum { LANGUAGE_ASSEMBLER = 0x8001, LANGUAGE_RUST = 0x1c, LANGUAGE_C89 = 1, LANGUAGE_C17 = 0x2c };

struct scan {
    struct dwarf_sample *sample;
    struct unit_list units;
    struct definition_scanner scanner;
};

static int set_up(void **state)
{
    struct scan *scan = calloc(1, sizeof(*scan));

    scan->sample = sample_create(false);
    *state = scan;
    return 0;
}

static int tear_down(void **state)
{
    struct scan *scan = *state;

    definition_scanner_deinit(&scan->scanner);
    unit_list_deinit(&scan->units);
    sample_destroy(scan->sample);
    free(scan);
    return 0;
}

static struct error *try_scan(struct scan *scan)
{
    const struct dwarf_sections *sections = sample_sections(scan->sample);
    enum unit_outcome outcome;

    TRY(unit_list_read(sections, &scan->units));
    definition_scanner_init(&scan->scanner, sections);
    for (uint32_t i = 0; i < scan->units.count; i++)
        TRY(definition_scan_unit(&scan->scanner, &scan->units.units[i], i, &outcome));
    return NULL;
}

static void scan_all(struct scan *scan)
{
    assert_success(try_scan(scan));
    assert_success(definition_index_finish(&scan->scanner.index));
}

/* How many definitions the name has. */
static unsigned count_of(const struct scan *scan, const char *name, enum definition_kind kind)
{
    const struct definition_index *index = &scan->scanner.index;
    unsigned count = 0;

    for (uint32_t i = 0; i < index->name_count; i++) {
        if (strcmp(index->names[i].text, name) != 0 || index->names[i].kind != kind)
            continue;
        for (uint32_t j = index->names[i].first; j != DEFINITION_NONE;
             j = index->definitions[j].next)
            count++;
    }
    return count;
}

static unsigned structs_of(const struct scan *scan, const char *name)
{
    return count_of(scan, name, DEFINITION_STRUCT);
}

static void put_simple_struct(const struct c_unit *unit, const char *name, unsigned byte_size)
{
    c_aggregate(unit, false, name, byte_size);
    c_end_children(unit);
}

static void declarations_do_not_count(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    c_declaration(&unit, false, "declared");
    c_declaration(&unit, true, "declared_union");
    put_simple_struct(&unit, "defined", 0);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(structs_of(scan, "defined"), 1);
    assert_int_equal(scan->scanner.index.name_count, 1);
}

static void a_struct_without_children_counts(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    c_put_code(&unit, CODE_AGGREGATE + 4);
    put_number(scan->sample, DWARF_INFO, 0, 2);
    c_put_name(&unit, "empty");
    put_simple_struct(&unit, "next", 4);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(structs_of(scan, "empty"), 1);
    assert_int_equal(structs_of(scan, "next"), 1);
}

/* struct outer { struct inner { union deep { struct deepest {}; }; int x; }; }; */
static void nested_definitions_are_found(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);
    uint64_t number = c_int(&unit);

    c_aggregate(&unit, false, "outer", 8);
    c_aggregate(&unit, false, "inner", 8);
    c_aggregate(&unit, true, "deep", 4);
    put_simple_struct(&unit, "deepest", 4);
    c_end_children(&unit);
    c_member(&unit, "x", number, 0);
    c_end_children(&unit);
    c_aggregate(&unit, false, NULL, 8);
    put_simple_struct(&unit, "in_unnamed", 4);
    c_end_children(&unit);
    c_end_children(&unit);
    put_simple_struct(&unit, "behind", 4);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(structs_of(scan, "outer"), 1);
    assert_int_equal(structs_of(scan, "inner"), 1);
    assert_int_equal(count_of(scan, "deep", DEFINITION_UNION), 1);
    assert_int_equal(structs_of(scan, "deepest"), 1);
    assert_int_equal(structs_of(scan, "in_unnamed"), 1);
    assert_int_equal(structs_of(scan, "behind"), 1);
    assert_int_equal(count_of(scan, "int", DEFINITION_INT), 1);
    assert_int_equal(scan->scanner.index.name_count, 7);
}

static void definitions_in_functions_are_found(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    c_subprogram(&unit, "f");
    put_simple_struct(&unit, "local", 4);
    c_put_code(&unit, CODE_BLOCK);
    c_put_code(&unit, CODE_BLOCK);
    put_simple_struct(&unit, "in_block", 4);
    c_end_children(&unit);
    c_end_children(&unit);
    put_simple_struct(&unit, "behind_block", 4);
    c_end_children(&unit);
    put_simple_struct(&unit, "behind", 4);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(structs_of(scan, "local"), 1);
    assert_int_equal(structs_of(scan, "in_block"), 1);
    assert_int_equal(structs_of(scan, "behind_block"), 1);
    assert_int_equal(structs_of(scan, "behind"), 1);
}

static void unnamed_structs_do_not_count(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    c_aggregate(&unit, false, NULL, 4);
    c_end_children(&unit);
    c_aggregate(&unit, true, NULL, 4);
    c_end_children(&unit);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(scan->scanner.index.name_count, 0);
}

static void one_name_may_have_two_definitions_in_a_unit(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    put_simple_struct(&unit, "s", 4);
    c_subprogram(&unit, "f");
    put_simple_struct(&unit, "s", 8);
    c_end_children(&unit);
    c_subprogram(&unit, "g");
    put_simple_struct(&unit, "s", 4);
    c_end_children(&unit);
    c_aggregate(&unit, true, "s", 4);
    c_end_children(&unit);
    c_unit_end(&unit);
    scan_all(scan);
    assert_int_equal(structs_of(scan, "s"), 2);
    assert_int_equal(count_of(scan, "s", DEFINITION_UNION), 1);
    const struct definition_index *index = &scan->scanner.index;
    assert_int_equal(index->names[0].kind, DEFINITION_STRUCT);
    const struct definition *first = &index->definitions[index->names[0].first];
    assert_true(first->die_offset < index->definitions[first->next].die_offset);
    assert_int_equal(scan->scanner.versions_seen, 1u << 4);
}

static void only_units_in_c_are_read(void **state)
{
    struct scan *scan = *state;
    const struct {
        unsigned language;
        const char *name;
    } units[] = {
        {LANGUAGE_ASSEMBLER, "assembler"},
        {LANGUAGE_RUST, "rust"},
        {LANGUAGE_C89, "c89"},
        {LANGUAGE_C17, "c17"},
        {0x04, "cplusplus"},
        {LANGUAGE_C11, "c11"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        struct c_unit unit = c_unit_begin(scan->sample, 1, units[i].language);
        put_simple_struct(&unit, units[i].name, 4);
        c_unit_end(&unit);
    }
    scan_all(scan);
    assert_int_equal(scan->scanner.index.name_count, 3);
    assert_int_equal(structs_of(scan, "c89"), 1);
    assert_int_equal(structs_of(scan, "c17"), 1);
    assert_int_equal(structs_of(scan, "c11"), 1);
}

static void a_type_that_refers_to_itself_is_refused(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);
    uint64_t pointer = sample_length(scan->sample, DWARF_INFO) - unit.start;

    c_wrap(&unit, CODE_POINTER, pointer);
    c_aggregate(&unit, false, "s", 8);
    c_member(&unit, "p", pointer, 0);
    c_end_children(&unit);
    c_unit_end(&unit);
    assert_failure(try_scan(scan), ERROR_BAD_DWARF, "chain of types does not end");
}

static void an_unnamed_struct_in_itself_is_refused(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);
    uint64_t inner = c_aggregate(&unit, false, NULL, 8);

    c_member(&unit, "again", inner, 0);
    c_end_children(&unit);
    c_aggregate(&unit, false, "s", 8);
    c_member(&unit, NULL, inner, 0);
    c_end_children(&unit);
    c_unit_end(&unit);
    assert_failure(try_scan(scan), ERROR_BAD_DWARF, "nested too deeply");
}

static void a_member_of_no_type_is_refused(void **state)
{
    struct scan *scan = *state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);

    c_aggregate(&unit, false, "s", 8);
    c_member(&unit, "x", 0xffffff, 0);
    c_end_children(&unit);
    c_unit_end(&unit);
    assert_failure(try_scan(scan), ERROR_BAD_DWARF, "points out of its unit");
}

/* The processor's time for scanning so many structs one inside the other. */
static double scan_nested(unsigned depth)
{
    void *state = NULL;

    assert_int_equal(set_up(&state), 0);
    struct scan *scan = state;
    struct c_unit unit = c_unit_begin(scan->sample, 1, LANGUAGE_C11);
    for (unsigned i = 0; i < depth; i++)
        c_aggregate(&unit, false, "s", 8);
    for (unsigned i = 0; i < depth; i++)
        c_end_children(&unit);
    c_unit_end(&unit);
    clock_t start = clock();
    error_destroy(try_scan(scan));
    double used = (double)(clock() - start);
    assert_int_equal(tear_down(&state), 0);
    return used;
}

/* Eight times as many take some eight times as long, not the square of that: far from both is told
 * also where the machine is busy. */
static void deep_nesting_takes_no_more_than_its_depth(void **state UNUSED)
{
    enum { DEPTH = 20000, FACTOR = 8, BETWEEN = 30, TRIES = 5 };
    double least = 0;

    for (unsigned i = 0; i < TRIES; i++) {
        double one = scan_nested(DEPTH);
        double many = scan_nested(DEPTH * FACTOR);
        double ratio = many / (one > 1 ? one : 1);
        least = i == 0 || ratio < least ? ratio : least;
        if (least < BETWEEN)
            return;
    }
    fail_msg("%d times the depth takes %.0f times as long", FACTOR, least);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(declarations_do_not_count),
        TEST(a_struct_without_children_counts),
        TEST(nested_definitions_are_found),
        TEST(definitions_in_functions_are_found),
        TEST(unnamed_structs_do_not_count),
        TEST(one_name_may_have_two_definitions_in_a_unit),
        TEST(only_units_in_c_are_read),
        TEST(a_type_that_refers_to_itself_is_refused),
        TEST(an_unnamed_struct_in_itself_is_refused),
        TEST(a_member_of_no_type_is_refused),
        TEST(deep_nesting_takes_no_more_than_its_depth),
    };
#undef TEST
    return cmocka_run_group_tests_name("definition scan", tests, NULL, NULL);
}
