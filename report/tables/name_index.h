/* SPDX-License-Identifier: MIT */
/*
 * The definitions of a report in the order in which a reader looks for one: by letter, and below
 * that by name, where neither leading underscores nor case count unless nothing else tells two
 * apart.
 */
#ifndef KSTRUCT_REPORT_TABLES_NAME_INDEX_H
#define KSTRUCT_REPORT_TABLES_NAME_INDEX_H

#include <stddef.h>

#include "base/error.h"
#include "report/report_context.h"

/* The definitions whose pages are in the folder of one letter. */
struct name_letter {
    char letter; /* of PAGE_LETTERS */
    size_t count;
    const size_t *entries; /* indexes into the history */
};

struct name_index {
    size_t entry_count;
    size_t *entries; /* all that have a page */
    size_t letter_count;
    struct name_letter *letters; /* those that have definitions, in the order of PAGE_LETTERS */
};

/* Of what has a page by PLAN; with NULL, of all, and no more than kinds and names is looked at.
 * Free with name_index_deinit(). */
struct error *name_index_make(const struct history *history, const struct page_plan *plan,
                              struct name_index *index_ret) MUST_CHECK;

void name_index_deinit(struct name_index *index);

/* How many bytes are alike, case aside, after the leading underscores of two names: 2 for
 * "__ksymtab" and "KSpec". */
size_t name_index_common_length(const char *a, const char *b);

#endif
