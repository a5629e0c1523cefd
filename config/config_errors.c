/* SPDX-License-Identifier: MIT */
#include "config/config_errors.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/system/file.h"
#include "base/text/counted.h"

/* Beyond this it is not a file with mistakes but the wrong file. */
enum { ERRORS_MAXIMUM = 1000 };

void config_errors_deinit(struct config_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        error_destroy(errors->errors[i]);
    free(errors->errors);
    *errors = (struct config_errors){0};
}

static bool reserve_one(struct config_errors *errors)
{
    if (errors->count >= ERRORS_MAXIMUM)
        return false;
    struct error **grown = reallocarray(errors->errors, errors->count + 1, sizeof(*errors->errors));
    if (!grown)
        return false;
    errors->errors = grown;
    return true;
}

void config_errors_take(struct config_errors *errors, const char *path, unsigned line,
                        unsigned column, struct error *error)
{
    CLEANUP(free_pointer) char *place = NULL;

    if (!reserve_one(errors)) {
        errors->dropped_count++;
        error_destroy(error);
        return;
    }
    int length = column > 0 ? asprintf(&place, "%s:%u:%u", path, line, column)
                            : asprintf(&place, "%s:%u", path, line);
    if (length < 0)
        place = NULL;
    errors->errors[errors->count++] = error_locate(error, place ? place : path);
}

void config_errors_add(struct config_errors *errors, const char *path, unsigned line,
                       unsigned column, const char *format, ...)
{
    CLEANUP(free_pointer) char *reason = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&reason, format, arguments);
    va_end(arguments);
    if (length < 0)
        reason = NULL;
    struct error *error =
        reason ? error_create(ERROR_CONFIGURATION, NULL, "%s", reason) : error_out_of_memory();
    config_errors_take(errors, path, line, column, error);
}

struct error *config_errors_check(const struct config_errors *errors, const char *path)
{
    size_t count = errors->count + errors->dropped_count;

    if (count == 0)
        return NULL;
    return error_create(ERROR_CONFIGURATION, path, "has %zu %s", COUNTED(count, "error"));
}
