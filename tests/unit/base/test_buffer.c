/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "tests/unit/unit.h"

static void is_empty_text_before_the_first_append(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 10);
    assert_string_equal(buffer_text(&buffer), "");
    assert_null(buffer_check(&buffer, "x"));
    buffer_clear(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_deinit(&buffer);
}

static void appends_of_all_kinds_follow_each_other(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 100);
    buffer_append(&buffer, "ab\0c", 4);
    buffer_append_text(&buffer, "de");
    buffer_append_char(&buffer, 'f');
    buffer_append_format(&buffer, "%d-%s", 7, "g");
    assert_int_equal(buffer.length, 10);
    assert_memory_equal(buffer.data, "ab\0cdef7-g", 11);
    assert_null(buffer_check(&buffer, "x"));
    buffer_deinit(&buffer);
}

static void grows_over_many_appends(void **state UNUSED)
{
    enum { COUNT = 100000 };
    struct buffer buffer;

    buffer_init(&buffer, 16 * COUNT);
    for (int i = 0; i < COUNT; i++)
        buffer_append_format(&buffer, "%08d", i);
    assert_null(buffer_check(&buffer, "x"));
    assert_int_equal(buffer.length, 8 * COUNT);
    assert_memory_equal(buffer.data + 8 * 77777, "00077777", 8);
    assert_int_equal(buffer.data[buffer.length], '\0');
    buffer_deinit(&buffer);
}

static void is_filled_to_the_maximum_and_no_further(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 5);
    buffer_append_text(&buffer, "abcde");
    assert_null(buffer_check(&buffer, "x"));
    buffer_append_char(&buffer, 'f');
    assert_string_equal(buffer_text(&buffer), "abcde");
    assert_failure(buffer_check(&buffer, "page"), ERROR_LIMIT, "page: longer than the 5 bytes");
    buffer_deinit(&buffer);
}

static void a_format_over_the_maximum_appends_nothing(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 300);
    buffer_append_format(&buffer, "%300s", "x");
    assert_null(buffer_check(&buffer, "x"));
    buffer_clear(&buffer);
    buffer_append_format(&buffer, "%301s", "x");
    assert_int_equal(buffer.length, 0);
    assert_failure(buffer_check(&buffer, "x"), ERROR_LIMIT, "300");
    buffer_deinit(&buffer);
}

/* Whether the text just fits into the memory that is there, or needs more. */
static void a_format_ends_where_it_ends_at_every_length(void **state UNUSED)
{
    for (int length = 250; length < 262; length++) {
        struct buffer buffer;
        buffer_init(&buffer, 1000);
        buffer_append_char(&buffer, 'a');
        buffer_append_format(&buffer, "%*s", length, "x");
        buffer_append_format(&buffer, "%s", "");
        buffer_append_char(&buffer, 'b');
        assert_null(buffer_check(&buffer, "x"));
        assert_int_equal(buffer.length, length + 2);
        assert_int_equal(strlen(buffer.data), length + 2);
        assert_int_equal(buffer.data[length], 'x');
        assert_int_equal(buffer.data[length + 1], 'b');
        buffer_deinit(&buffer);
    }
}

/* There is memory for it, but it is not allowed. */
static void a_refused_format_leaves_the_text_as_it_was(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 5);
    buffer_append_text(&buffer, "abc");
    buffer_append_format(&buffer, "%s", "xyz");
    assert_string_equal(buffer_text(&buffer), "abc");
    assert_int_equal(buffer.length, 3);
    buffer_append_format(&buffer, "%s", "d");
    assert_string_equal(buffer_text(&buffer), "abc");
    assert_failure(buffer_check(&buffer, "x"), ERROR_LIMIT, "5 bytes");
    buffer_deinit(&buffer);
}

static void the_first_failure_stays_until_cleared(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 3);
    buffer_append_text(&buffer, "abcd");
    buffer_append_char(&buffer, 'x');
    assert_int_equal(buffer.length, 0);
    assert_failure(buffer_check(&buffer, "x"), ERROR_LIMIT, "3 bytes");
    buffer_clear(&buffer);
    buffer_append_text(&buffer, "abc");
    assert_null(buffer_check(&buffer, "x"));
    assert_string_equal(buffer_text(&buffer), "abc");
    buffer_deinit(&buffer);
}

static void lengths_near_the_end_of_the_address_space_are_refused(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 1000);
    buffer_append_char(&buffer, 'a');
    buffer_append(&buffer, "b", SIZE_MAX);
    assert_string_equal(buffer_text(&buffer), "a");
    assert_failure(buffer_check(&buffer, "x"), ERROR_LIMIT, "1000");
    buffer_deinit(&buffer);
}

static void may_be_used_again_after_deinit(void **state UNUSED)
{
    struct buffer buffer;

    buffer_init(&buffer, 4);
    buffer_append_text(&buffer, "abcd");
    buffer_deinit(&buffer);
    buffer_append_text(&buffer, "wxyz");
    assert_string_equal(buffer_text(&buffer), "wxyz");
    buffer_deinit(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty_text_before_the_first_append),
        cmocka_unit_test(appends_of_all_kinds_follow_each_other),
        cmocka_unit_test(grows_over_many_appends),
        cmocka_unit_test(is_filled_to_the_maximum_and_no_further),
        cmocka_unit_test(a_format_over_the_maximum_appends_nothing),
        cmocka_unit_test(a_format_ends_where_it_ends_at_every_length),
        cmocka_unit_test(a_refused_format_leaves_the_text_as_it_was),
        cmocka_unit_test(the_first_failure_stays_until_cleared),
        cmocka_unit_test(lengths_near_the_end_of_the_address_space_are_refused),
        cmocka_unit_test(may_be_used_again_after_deinit),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
