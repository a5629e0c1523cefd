/* SPDX-License-Identifier: MIT */
/* Differences/ in Markdown: the table over all pairs of kernels, and a page for each of them. */
#ifndef KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_PAGE_H
#define KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_PAGE_H

#include "base/buffer.h"
#include "report/report_context.h"
#include "report/tables/kernel_columns.h"
#include "report/tables/name_index.h"

/* The table over all pairs of all groups. */
void difference_page_append_overview(const struct report_context *context,
                                     const struct kernel_columns *columns, struct buffer *out);

/* The definitions that differ in pair number PAIR of the survey, and in what. */
void difference_page_append(const struct report_context *context, const struct name_index *index,
                            size_t pair, struct buffer *out);

#endif
