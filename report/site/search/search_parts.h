/* SPDX-License-Identifier: MIT */
/* What is found inside of a definition: its members and enumerators, by their paths. */
#ifndef KSTRUCT_REPORT_SITE_SEARCH_SEARCH_PARTS_H
#define KSTRUCT_REPORT_SITE_SEARCH_SEARCH_PARTS_H

#include "base/arena.h"
#include "base/error.h"
#include "model/history.h"

/* Takes the path of a part, and its last name: "length" of "header.length". */
typedef struct error *search_part_take(void *context, const char *path, const char *name);

/* Hands all parts of the entry's layouts in any kernel to TAKE, the same one maybe several times.
 * What has no name of its own is left out. SCRATCH is cleared. */
struct error *search_parts_visit(const struct history *history,
                                 const struct history_definition *entry, struct arena *scratch,
                                 search_part_take *take, void *context) MUST_CHECK;

#endif
