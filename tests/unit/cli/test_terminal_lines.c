/* SPDX-License-Identifier: MIT */
#include "cli/terminal/terminal_lines.h"
#include "tests/unit/unit.h"

static void assert_output(struct buffer *output, const char *expected)
{
    if (strcmp(buffer_text(output), expected) != 0)
        fail_msg("expected \"%s\", got \"%s\"", expected, buffer_text(output));
    buffer_clear(output);
}

static void lines_are_drawn_in_place(void **state UNUSED)
{
    struct terminal_lines lines;
    struct buffer output;

    buffer_init(&output, 4096);
    terminal_lines_init(&lines);
    terminal_lines_draw(&lines, "", 0, 80, 24, &output);
    assert_output(&output, "");
    terminal_lines_draw(&lines, "a\nb\n", 2, 80, 24, &output);
    assert_output(&output, "a\033[K\nb\033[K\n");
    /* What is there already is not written again. */
    terminal_lines_draw(&lines, "a\nb\n", 2, 80, 24, &output);
    assert_output(&output, "");
    terminal_lines_draw(&lines, "c\nb\nd\n", 3, 80, 24, &output);
    assert_output(&output, "\r\033[2Ac\033[K\nb\033[K\nd\033[K\n");
    terminal_lines_draw(&lines, "d\n", 1, 80, 24, &output);
    assert_output(&output, "\r\033[3Ad\033[K\n\033[J");
    terminal_lines_draw(&lines, "", 0, 80, 24, &output);
    assert_output(&output, "\r\033[1A\033[J");
    terminal_lines_deinit(&lines);
    buffer_deinit(&output);
}

static void something_is_written_above_them(void **state UNUSED)
{
    struct terminal_lines lines;
    struct buffer output;

    buffer_init(&output, 4096);
    terminal_lines_init(&lines);
    terminal_lines_erase(&lines, 80, 24, &output);
    terminal_lines_restore(&lines, 80, 24, &output);
    assert_output(&output, "");
    terminal_lines_draw(&lines, "a\nb\n", 2, 80, 24, &output);
    buffer_clear(&output);
    terminal_lines_erase(&lines, 80, 24, &output);
    assert_output(&output, "\r\033[2A\033[J");
    terminal_lines_restore(&lines, 80, 24, &output);
    assert_output(&output, "a\033[K\nb\033[K\n");
    /* They would not fit any more. */
    terminal_lines_erase(&lines, 70, 24, &output);
    assert_output(&output, "\r\033[2A\033[J");
    terminal_lines_restore(&lines, 70, 24, &output);
    assert_output(&output, "");
    terminal_lines_draw(&lines, "a\n", 1, 70, 24, &output);
    assert_output(&output, "a\033[K\n");
    terminal_lines_deinit(&lines);
    buffer_deinit(&output);
}

/* A terminal that becomes narrower breaks the lines that are there. */
static void the_terminal_changes_its_size(void **state UNUSED)
{
    struct terminal_lines lines;
    struct buffer output;

    buffer_init(&output, 4096);
    terminal_lines_init(&lines);
    terminal_lines_draw(&lines, "0123456789\nabc\n内核内核\n", 3, 20, 24, &output);
    buffer_clear(&output);
    terminal_lines_draw(&lines, "01\nab\n", 2, 4, 24, &output);
    assert_output(&output, "\r\033[6A\033[J01\033[K\nab\033[K\n");
    terminal_lines_draw(&lines, "01234\n", 1, 30, 24, &output);
    assert_output(&output, "\r\033[2A\033[J01234\033[K\n");
    /* What has left the screen cannot be reached. */
    terminal_lines_draw(&lines, "0\n", 1, 1, 3, &output);
    assert_output(&output, "\r\033[2A\033[J0\033[K\n");
    terminal_lines_deinit(&lines);
    buffer_deinit(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_drawn_in_place),
        cmocka_unit_test(something_is_written_above_them),
        cmocka_unit_test(the_terminal_changes_its_size),
    };

    return cmocka_run_group_tests_name("terminal_lines", tests, NULL, NULL);
}
