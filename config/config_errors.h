/* SPDX-License-Identifier: MIT */
/* What is wrong with a list or settings file: all of it, so that it can be put right in one go. */
#ifndef KSTRUCT_CONFIG_CONFIG_ERRORS_H
#define KSTRUCT_CONFIG_CONFIG_ERRORS_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/error.h"

/* Start from {0}. Each error's place is "PATH:LINE:COLUMN" or "PATH:LINE", counted from 1, columns
 * in bytes. */
struct config_errors {
    size_t count;
    struct error **errors;
    size_t dropped_count; /* further ones that were not kept: there were too many, or no memory */
};

void config_errors_deinit(struct config_errors *errors);

/* Adds an ERROR_CONFIGURATION; COLUMN 0 means that it is about the whole line. */
void config_errors_add(struct config_errors *errors, const char *path, unsigned line,
                       unsigned column, const char *format, ...) PRINTF_LIKE(5, 6);

/* Adds ERROR, which is not NULL and has no place yet; it is ERRORS' from now on. */
void config_errors_take(struct config_errors *errors, const char *path, unsigned line,
                        unsigned column, struct error *error);

/* NULL if there are none; else an ERROR_CONFIGURATION that says how many PATH has. */
struct error *config_errors_check(const struct config_errors *errors, const char *path) MUST_CHECK;

#endif
