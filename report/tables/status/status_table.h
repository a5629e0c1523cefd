/* SPDX-License-Identifier: MIT */
/* The table of definitions and kernels: a row a definition, a column a kernel. */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLE_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLE_H

#include "report/tables/status/status_page.h"
#include "report/write/table/table.h"

/* What the table's rows are. */
struct status_rows {
    const struct status_pages *pages;
    const size_t *entries; /* indexes into the history; NULL: all that have a page, in its order */
};

/* The columns of every such table, one more than there are kernels; KERNELS owns them. */
struct error *status_table_make_columns(const struct history *history,
                                        struct kernel_columns *kernels,
                                        const struct table_column **columns_ret) MUST_CHECK;

/* The table of COUNT entries, or of those of the history's first COUNT that have a page. It refers
 * to ROWS. */
struct table status_table(const struct status_rows *rows, size_t count);

#endif
