/* SPDX-License-Identifier: MIT */
#include "base/hash/string_table.h"
#include "tests/unit/unit.h"

enum { COUNT = 50000 };

static uint32_t intern(struct string_table *table, const char *text, size_t length)
{
    uint32_t number = STRING_NOT_FOUND;

    assert_success(string_table_intern(table, text, length, &number));
    return number;
}

static void an_empty_table_finds_nothing(void **state UNUSED)
{
    struct string_table table;

    string_table_init(&table);
    assert_int_equal(string_table_find(&table, "a", 1), STRING_NOT_FOUND);
    assert_int_equal(string_table_find(&table, "", 0), STRING_NOT_FOUND);
    string_table_deinit(&table);
}

static void equal_texts_have_one_number_and_one_pointer(void **state UNUSED)
{
    struct string_table table;
    char text[] = "task_struct";

    string_table_init(&table);
    assert_int_equal(intern(&table, text, 11), 0);
    assert_int_equal(intern(&table, "task", 4), 1);
    const char *pointer = table.texts[0];
    text[0] = 'x';
    assert_int_equal(intern(&table, "task_struct and more", 11), 0);
    assert_int_equal(intern(&table, "task_struct", 4), 1);
    assert_ptr_equal(table.texts[0], pointer);
    assert_string_equal(table.texts[0], "task_struct");
    assert_string_equal(table.texts[1], "task");
    assert_int_equal(table.count, 2);
    string_table_deinit(&table);
}

static void the_empty_text_is_a_text(void **state UNUSED)
{
    struct string_table table;

    string_table_init(&table);
    assert_int_equal(intern(&table, "x", 1), 0);
    assert_int_equal(string_table_find(&table, "", 0), STRING_NOT_FOUND);
    assert_int_equal(intern(&table, "", 0), 1);
    assert_int_equal(string_table_find(&table, "x", 0), 1);
    assert_string_equal(table.texts[1], "");
    string_table_deinit(&table);
}

static void prefixes_are_other_texts(void **state UNUSED)
{
    struct string_table table;
    char text[64];

    string_table_init(&table);
    memset(text, 'a', sizeof(text));
    for (uint32_t length = 0; length < sizeof(text); length++)
        assert_int_equal(intern(&table, text, length), length);
    for (uint32_t length = 0; length < sizeof(text); length++)
        assert_int_equal(string_table_find(&table, text, length), length);
    string_table_deinit(&table);
}

static void numbers_and_pointers_stay_while_it_grows(void **state UNUSED)
{
    static const char *pointers[COUNT];
    struct string_table table;
    char text[32];

    string_table_init(&table);
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t length = (size_t)snprintf(text, sizeof(text), "name_%u", i * 7);
        assert_int_equal(intern(&table, text, length), i);
        pointers[i] = table.texts[i];
    }
    assert_int_equal(table.count, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t length = (size_t)snprintf(text, sizeof(text), "name_%u", i * 7);
        assert_int_equal(string_table_find(&table, text, length), i);
        assert_int_equal(intern(&table, text, length), i);
        assert_ptr_equal(table.texts[i], pointers[i]);
        assert_string_equal(table.texts[i], text);
    }
    assert_int_equal(table.count, COUNT);
    assert_int_equal(string_table_find(&table, "name_1", 6), STRING_NOT_FOUND);
    string_table_deinit(&table);
}

/* Else foreign texts could be made that all fall into one slot. */
static void where_texts_lie_depends_on_the_key(void **state UNUSED)
{
    struct string_table tables[2];

    for (uint64_t i = 0; i < 2; i++) {
        string_table_init(&tables[i]);
        tables[i].key.words[0] = i;
        for (char letter = 'a'; letter <= 'z'; letter++)
            intern(&tables[i], &letter, 1);
    }
    assert_int_equal(tables[0].slots.count, tables[1].slots.count);
    assert_memory_not_equal(tables[0].slots.numbers, tables[1].slots.numbers,
                            tables[0].slots.count * sizeof(*tables[0].slots.numbers));
    for (size_t i = 0; i < 2; i++)
        string_table_deinit(&tables[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_finds_nothing),
        cmocka_unit_test(equal_texts_have_one_number_and_one_pointer),
        cmocka_unit_test(the_empty_text_is_a_text),
        cmocka_unit_test(prefixes_are_other_texts),
        cmocka_unit_test(numbers_and_pointers_stay_while_it_grows),
        cmocka_unit_test(where_texts_lie_depends_on_the_key),
    };
    return cmocka_run_group_tests_name("string table", tests, NULL, NULL);
}
