/* SPDX-License-Identifier: MIT */
/*
 * The definitions of a report in the order in which a reader looks for one: by letter, and below
 * that by name, where neither leading underscores nor case count unless nothing else tells two
 * apart.
 */
#ifndef KSTRUCT_REPORT_TABLES_STRUCT_INDEX_H
#define KSTRUCT_REPORT_TABLES_STRUCT_INDEX_H

#include <stddef.h>

#include "base/error.h"
#include "report/report_context.h"

/* The definitions whose pages are in the folder of one letter. */
struct struct_letter {
    char letter; /* of PAGE_LETTERS */
    size_t count;
    const size_t *structs; /* indexes into the history */
};

struct struct_index {
    size_t struct_count;
    size_t *structs; /* all that have a page */
    size_t letter_count;
    struct struct_letter *letters; /* those that have structs, in the order of PAGE_LETTERS */
};

/* Free with struct_index_deinit(). */
struct error *struct_index_make(const struct report_context *context,
                                struct struct_index *index_ret) MUST_CHECK;

void struct_index_deinit(struct struct_index *index);

/* How many bytes are alike, case aside, behind the leading underscores of two names: 2 for
 * "__ksymtab" and "KSpec". */
size_t struct_index_common_length(const char *a, const char *b);

#endif
