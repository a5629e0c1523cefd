/* SPDX-License-Identifier: MIT */
#include "config/list/name_braces.h"
#include "tests/unit/unit.h"

static void expand(const char *line, struct arena *arena, struct name_braces *braces)
{
    assert_success(name_braces_expand(line, strlen(line), arena, braces));
}

static void braces_are_as_in_a_shell(void **state UNUSED)
{
    static const struct {
        const char *line;
        const char *lines[5];
    } cases[] = {
        {"6.8.0-31-generic-amd64 skip=\"{a,b}\"", {NULL}},
        {"# {a,b}", {NULL}},
        {"", {NULL}},
        {"   ", {NULL}},
        {"a-{b,cd}-e x", {"a-b-e      x", "a-cd-e     x", NULL}},
        {"\t{a,b}{c,d}", {"\tac        ", "\tad        ", "\tbc        ", "\tbd        ", NULL}},
        {"{a}", {"a  ", NULL}},
    };
    struct name_braces braces;
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        size_t count = 0;
        expand(cases[i].line, &arena, &braces);
        assert_null(braces.fault);
        for (; cases[i].lines[count]; count++) {
            assert_true(count < braces.count);
            assert_string_equal(braces.lines[count], cases[i].lines[count]);
            /* What follows the name stays in its column. */
            assert_int_equal(strlen(braces.lines[count]), strlen(cases[i].line));
        }
        assert_int_equal(braces.count, count);
    }
    arena_deinit(&arena);
}

static void what_is_wrong_has_a_place(void **state UNUSED)
{
    static const struct {
        const char *line;
        size_t column;
    } cases[] = {
        {"{", 1},      {"a}", 2}, {" a{b", 3},  {"{{a}}", 2},
        {"{a,,b}", 4}, {"{}", 2}, {"{a,}x", 4}, {"{,a}", 2},
    };
    struct name_braces braces;
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        expand(cases[i].line, &arena, &braces);
        assert_non_null(braces.fault);
        assert_int_equal(braces.fault_column, cases[i].column);
    }
    /* 2 to the 14th is too much. */
    char line[14 * 5 + 1] = "";
    for (size_t i = 0; i < 14; i++)
        strcat(line, "{a,b}");
    expand(line, &arena, &braces);
    assert_non_null(braces.fault);
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(braces_are_as_in_a_shell),
        cmocka_unit_test(what_is_wrong_has_a_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
