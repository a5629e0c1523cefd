/* SPDX-License-Identifier: MIT */
/* One line for many kernels: `6.8.0-31-{generic,lowlatency}-{amd64,arm64}` are four, as in a shell.
 */
#ifndef KSTRUCT_CONFIG_LIST_NAME_BRACES_H
#define KSTRUCT_CONFIG_LIST_NAME_BRACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct name_braces {
    const char *fault;   /* what is wrong with the braces (static), or NULL */
    size_t fault_column; /* where, from 1 in bytes of the line */
    size_t count;        /* of the lines; 0: there are no braces, and the line is as it is */
    const char **lines;  /* the line with each name, of the same length: spaces fill it up */
};

/* Looks into the first word of a line of LENGTH bytes. All is allocated from ARENA. */
struct error *name_braces_expand(const char *line, size_t length, struct arena *arena,
                                 struct name_braces *ret) MUST_CHECK;

#endif
