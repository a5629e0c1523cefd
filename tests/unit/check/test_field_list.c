/* SPDX-License-Identifier: MIT */
/* Lists and tables of what a program expects. */
#include "check/list/field_list.h"
#include "tests/unit/unit.h"

static void read_list(const char *text, struct field_list *list)
{
    assert_null(field_list_read("the list", text, strlen(text), list));
}

static void is_refused(const char *text, const char *why)
{
    struct field_list list;
    struct error *error = field_list_read("the list", text, strlen(text), &list);

    assert_non_null(error);
    assert_int_equal(error->code, ERROR_USAGE);
    assert_non_null(strstr(error->why, why));
    error_destroy(error);
    field_list_deinit(&list);
}

static void lines_have_conditions(void **state UNUSED)
{
    struct field_list list;

    read_list("# comment\n\n task.pid  offset=0x10:3 size=4 type=const struct pid *  # more\n"
              "?task.old\nenum color.RED? value=-1\nstruct task\n",
              &list);
    assert_int_equal(list.word_count, 4);
    assert_string_equal(list.words[0].text, "task.pid");
    const struct expected_field *field = &list.fields[0];
    assert_int_equal(field->line, 3);
    assert_true(field->has_bit_offset && field->has_byte_size && !field->is_optional);
    assert_int_equal(field->bit_offset, 16 * 8 + 3);
    assert_int_equal(field->byte_size, 4);
    assert_string_equal(field->type, "const struct pid *");
    assert_true(list.fields[1].is_optional);
    assert_string_equal(list.words[2].text, "enum color.RED");
    assert_true(list.fields[2].is_optional);
    assert_string_equal(list.fields[2].value, "-1");
    assert_string_equal(list.words[3].text, "struct task");
    field_list_deinit(&list);
}

static void tables_are_read_by_their_headings(void **state UNUSED)
{
    struct field_list list;

    read_list("field,struct,kernel,type,byte_offset,kind,absent\r\n"
              "pid,task,5.4.0-1-generic-amd64,\"char [2],\"\"x\"\"\",8,struct,\r\n"
              "pid,task,5.5.0-1-generic-amd64,int,,struct,no such field\r\n"
              "RED,color,5.5.0-1-generic-amd64,,,enum,\r\n",
              &list);
    assert_int_equal(list.word_count, 2);
    assert_int_equal(list.words[0].count, 2);
    assert_string_equal(list.fields[0].type, "char [2],\"x\"");
    assert_int_equal(list.fields[0].bit_offset, 64);
    assert_string_equal(list.fields[0].kernel, "5.4.0-1-generic-amd64");
    assert_true(list.fields[1].is_optional);
    assert_false(list.fields[1].has_bit_offset);
    assert_string_equal(list.words[1].text, "enum color.RED");
    field_list_deinit(&list);
}

static void bad_lines_are_named(void **state UNUSED)
{
    is_refused("a.b\na.c size\n", "line 2");
    is_refused("a.b size=x\n", "line 1: the number cannot be read");
    is_refused("a.b offset=1:8\n", "line 1");
    is_refused("a.b colour=red\n", "there is no such condition");
    is_refused("?\n", "the field is missing");
    is_refused("a\001b\n", "line 1");
    is_refused("struct,field\n\"a", "line 2 has a quote without an end");
    is_refused("name,field\n", "no column `struct`");
    is_refused("struct,byte_size,field\na,many,b\n", "a number cannot be read");
}

static void nothing_is_a_list_too(void **state UNUSED)
{
    struct field_list list;

    read_list("", &list);
    assert_int_equal(list.word_count, 0);
    field_list_deinit(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_conditions),
        cmocka_unit_test(tables_are_read_by_their_headings),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(nothing_is_a_list_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
