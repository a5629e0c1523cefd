/* SPDX-License-Identifier: MIT */
/* The table of pairs of kernels: a row a pair, with how many structs differ in it, and how. */
#ifndef KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_TABLE_H
#define KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_TABLE_H

#include "report/report_context.h"
#include "report/tables/kernel_columns.h"
#include "report/write/table/table.h"

/* What the table's rows are. */
struct pair_rows {
    const struct report_context *context;
    const struct kernel_columns *columns; /* for Markdown with links to pairs; else NULL */
    const struct survey_pair *pairs;
};

/* The column that a table begins with. */
enum difference_column {
    DIFFERENCE_COLUMN_GROUP,
    DIFFERENCE_COLUMN_KERNELS,
    DIFFERENCE_COLUMN_COUNTS = DIFFERENCE_COLUMN_KERNELS + 2,
};

/* The table of COUNT pairs with the columns from FIRST on. It refers to ROWS. */
struct table difference_table(const struct pair_rows *rows, size_t count,
                              enum difference_column first);

#endif
