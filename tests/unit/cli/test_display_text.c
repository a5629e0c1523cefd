/* SPDX-License-Identifier: MIT */
#include "cli/terminal/display_text.h"
#include "tests/unit/unit.h"

static void assert_cut(const char *text, size_t columns, const char *expected, size_t used)
{
    struct buffer buffer;

    buffer_init(&buffer, 4096);
    assert_int_equal(display_append(&buffer, text, columns), used);
    assert_string_equal(buffer_text(&buffer), expected);
    buffer_deinit(&buffer);
}

static void characters_take_one_column_two_or_none(void **state UNUSED)
{
    assert_int_equal(display_columns(""), 0);
    assert_int_equal(display_columns("5.4.0-26"), 8);
    assert_int_equal(display_columns("größer…"), 7);
    assert_int_equal(display_columns("内核"), 4);
    assert_int_equal(display_columns("커널"), 4);
    assert_int_equal(display_columns("ｆｕｌｌ"), 8);
    assert_int_equal(display_columns("🐧"), 2);
    /* "e" and an accent; nothing is shown of what joins. */
    assert_int_equal(display_columns("e\u0301"), 1);
    assert_int_equal(display_columns("a\u200db"), 2);
}

static void what_cannot_be_shown_is_replaced(void **state UNUSED)
{
    assert_cut("a\tb\033[Jc\n", 80, "a?b?[Jc?", 8);
    assert_cut("\xc2\x85", 80, "?", 1);
    assert_cut("\xff\xc3", 80, "??", 2);
    assert_cut("\u202ea\u2066", 80, "?a?", 3);
    assert_cut("\xc3(", 80, "?(", 2);
    assert_cut("\xc0\xaf\xe0\x80\x80\xed\xa0\x80\xf4\x90\x80\x80", 80, "????????????", 12);
    assert_int_equal(display_columns("\xe5\x86"), 2);
}

static void text_is_cut_between_characters(void **state UNUSED)
{
    assert_cut("abc", 2, "ab", 2);
    assert_cut("abc", 3, "abc", 3);
    assert_cut("abc", 0, "", 0);
    assert_cut("内核", 3, "内", 2);
    assert_cut("内核", 1, "", 0);
    assert_cut("e\u0301f", 1, "e\u0301", 1);
}

static void padding_fills_up(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 4096);
    display_append_padded(&buffer, "内核", 3);
    display_append_padded(&buffer, "x", 3);
    display_append_padded(&buffer, "xyz", 2);
    assert_string_equal(buffer_text(&buffer), "内 x  xy");
    buffer_deinit(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_take_one_column_two_or_none),
        cmocka_unit_test(what_cannot_be_shown_is_replaced),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(padding_fills_up),
    };

    return cmocka_run_group_tests_name("display_text", tests, NULL, NULL);
}
