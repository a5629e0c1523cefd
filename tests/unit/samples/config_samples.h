/* SPDX-License-Identifier: MIT */
/* What tests of configuration files expect of errors. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_CONFIG_SAMPLES_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_CONFIG_SAMPLES_H

#include "config/config_errors.h"
#include "tests/unit/unit.h"

/* Fails unless the errors' lines, in order, begin with those. Frees them. */
static inline void assert_error_lines(struct config_errors *errors, const char *const *expected,
                                      size_t count)
{
    for (size_t i = 0; i < count && i < errors->count; i++) {
        char *line = error_to_line(errors->errors[i]);
        if (strncmp(line, expected[i], strlen(expected[i])) != 0)
            fail_msg("expected \"%s\", got \"%s\"", expected[i], line);
        free(line);
    }
    assert_int_equal(errors->count, count);
    config_errors_deinit(errors);
}

#endif
