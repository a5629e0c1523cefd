/* SPDX-License-Identifier: MIT */
/* Status/LETTER.md: a table of the letter's definitions in Markdown; and what the index shares. */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_PAGE_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_PAGE_H

#include "base/buffer.h"
#include "report/report_context.h"
#include "report/tables/kernel_columns.h"
#include "report/tables/name_index.h"
#include "report/write/table/table.h"

/* What all pages of Status/ are made from. */
struct status_pages {
    const struct report_context *context;
    const struct kernel_columns *columns;
    const struct name_index *index;
    const struct table_column *table_columns; /* the name's, then one a kernel */
    const struct table_column *fold_columns;  /* the name's, then one a fold */
};

/* A row a definition, a column a kernel or some of them, and above them what the columns and
 * symbols mean. */
void status_page_append(const struct status_pages *pages, const struct name_letter *letter,
                        struct buffer *out);

/* "k", or "other" for what begins with no letter or digit. */
void status_page_append_letter_name(char letter, struct buffer *out);

/* Links to the pages of all letters but OWN_LETTER, which may be '\0'. */
void status_page_append_letter_links(const struct status_pages *pages, char own_letter,
                                     struct buffer *out);

/* The name of a definition with a link to its page. */
void status_page_append_link(const struct status_pages *pages, size_t entry_index,
                             struct buffer *out);

#endif
