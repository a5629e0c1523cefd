/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "tests/unit/unit.h"

static void assert_line(struct error *error, const char *expected)
{
    char *line = error_to_line(error);

    assert_string_equal(line, expected);
    free(line);
    error_destroy(error);
}

static void names_place_and_offset(void **state UNUSED)
{
    assert_line(error_create(ERROR_CORRUPT, "a.deb", "is cut short"), "a.deb: is cut short");
    assert_line(error_create_at(ERROR_BAD_DWARF, "vmlinux", 77, "no abbreviation %d", 9),
                "vmlinux: at byte 77: no abbreviation 9");
    assert_line(error_create(ERROR_USAGE, NULL, "no command"), "no command");
    assert_line(error_create_errno(ENOENT, "x", "cannot open"),
                "x: cannot open: No such file or directory");
}

static void location_is_set_once(void **state UNUSED)
{
    struct error *error = error_create(ERROR_CORRUPT, NULL, "bad");

    error = error_locate(error, "inner");
    error = error_locate(error, "outer");
    assert_line(error, "inner: bad");
    assert_null(error_locate(NULL, "nowhere"));
}

static void control_characters_cannot_reach_a_terminal(void **state UNUSED)
{
    assert_line(error_create(ERROR_CORRUPT, "a\nb", "\033[2Jx"), "a?b: ?[2Jx");
}

static void out_of_memory_is_one_object(void **state UNUSED)
{
    struct error *error = error_create_errno(ENOMEM, "x", "cannot map");

    assert_ptr_equal(error, error_out_of_memory());
    error_destroy(error);
    error_destroy(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_place_and_offset),
        cmocka_unit_test(location_is_set_once),
        cmocka_unit_test(control_characters_cannot_reach_a_terminal),
        cmocka_unit_test(out_of_memory_is_one_object),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
