/* SPDX-License-Identifier: MIT */
/* The table of definitions and kernels: a row a definition; for programs a column a kernel, for
 * people a column a fold of them. */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLE_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLE_H

#include "report/tables/status/status_page.h"
#include "report/write/table/table.h"

/* What the table's rows are. */
struct status_rows {
    const struct status_pages *pages;
    const size_t *entries; /* indexes into the history; NULL: all that have a page, in its order */
};

/* Makes the columns of every such table, for programs and for people; COLUMNS owns them. */
struct error *status_table_make_columns(struct status_pages *pages,
                                        struct kernel_columns *columns) MUST_CHECK;

/* The tables of COUNT entries, or of those of the history's first COUNT that have a page. They
 * refer to ROWS. */
struct table status_table_for_programs(const struct status_rows *rows, size_t count);
struct table status_table_for_people(const struct status_rows *rows, size_t count);

#endif
