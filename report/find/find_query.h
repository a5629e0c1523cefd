/* SPDX-License-Identifier: MIT */
/* What a definition must have to be found. */
#ifndef KSTRUCT_REPORT_FIND_FIND_QUERY_H
#define KSTRUCT_REPORT_FIND_FIND_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/layout.h"

/* Another definition that is looked for inside; NAME is NULL where none is. */
struct find_target {
    unsigned kinds; /* a set of DEFINITION_KIND_BIT() */
    const char *name;
};

/* All that is asked for must hold. Names and types may have `*`, `?` and `[…]` (fnmatch()). */
struct find_query {
    unsigned kinds;         /* of the definition: a set of DEFINITION_KIND_BIT() */
    const char *field;      /* a member of that name */
    const char *type;       /* a member of that type, as pages print it; the same one as FIELD's */
    const char *enumerator; /* an enumerator of that name */
    struct find_target embeds;
    struct find_target points_to;
    bool is_deep; /* embeds or points to it at any depth, through other definitions */
    bool has_size;
    uint64_t byte_size_minimum;
    uint64_t byte_size_maximum;
};

#endif
