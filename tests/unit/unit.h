/* SPDX-License-Identifier: MIT */
/* What every unit test needs: cmocka with the headers it wants before it, and checks of errors. */
#ifndef KSTRUCT_TESTS_UNIT_UNIT_H
#define KSTRUCT_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

/* Fails with the error's own line if there is one. */
static inline void assert_success(struct error *error)
{
    if (!error)
        return;
    char *line = error_to_line(error);
    fail_msg("unexpected error (%s): %s", error_code_text(error->code), line ? line : error->why);
}

/* Fails unless ERROR has that code and TEXT is part of its line. Destroys it. */
static inline void assert_failure(struct error *error, enum error_code code, const char *text)
{
    assert_non_null(error);
    char *line = error_to_line(error);
    if (error->code != code || !strstr(line, text))
        fail_msg("expected \"%s\" with \"%s\", got \"%s\": %s", error_code_text(code), text,
                 error_code_text(error->code), line);
    free(line);
    error_destroy(error);
}

#endif
