/* SPDX-License-Identifier: MIT */
/* Which of a definition's layouts are columns of its page's table: all of them, or, of very many,
 * the last one of each series of kernels. */
#ifndef KSTRUCT_REPORT_SITE_DEFINITION_SHOWN_LAYOUTS_H
#define KSTRUCT_REPORT_SITE_DEFINITION_SHOWN_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct definition_page;

struct shown_layouts {
    size_t count;
    size_t *layouts; /* numbers, ascending */
    bool *are_shown; /* by number, of those that are a kernel's first definition */
};

/* Of the page's layouts, into its `shown`; allocated from its arena. */
struct error *shown_layouts_choose(struct definition_page *page) MUST_CHECK;

#endif
