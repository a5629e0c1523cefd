/* SPDX-License-Identifier: MIT */
/*
 * The members that differ between two layouts, as a Markdown table: what changed, offsets, sizes
 * and types before and after. Members one after the other that moved together, or are nested
 * otherwise in the same way, are one row.
 */
#ifndef KSTRUCT_REPORT_PAGES_CHANGE_TABLE_H
#define KSTRUCT_REPORT_PAGES_CHANGE_TABLE_H

#include "base/buffer.h"
#include "report/compare/layout_comparison.h"

/* "3 added at the end, 12 moved": how many members each word holds for. */
void change_table_append_counts(struct buffer *out, const struct layout_comparison *comparison);

/* Appends nothing if no member differs. */
void change_table_append(struct buffer *out, const struct layout_comparison *comparison);

#endif
