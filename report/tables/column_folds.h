/* SPDX-License-Identifier: MIT */
/*
 * Columns of several kernels, for tables that people read: nobody can use one of a thousand
 * columns.
 *
 * Where there are more kernels than a page has room for, neighbours of one group that are of one
 * series ("5.4"), flavor and architecture share a column.
 */
#ifndef KSTRUCT_REPORT_TABLES_COLUMN_FOLDS_H
#define KSTRUCT_REPORT_TABLES_COLUMN_FOLDS_H

#include <stddef.h>

#include "base/error.h"

struct kernel_columns;
struct report_context;

/* Up to so many kernels have a column each. */
enum { COLUMN_FOLDS_UNFOLDED = 40 };

struct column_fold {
    size_t first; /* of the columns; those after it belong to it, too */
    size_t count; /* at least 1 */
    const char *head;
};

struct column_folds {
    size_t count;
    struct column_fold *folds; /* in the order of the columns, each of which is in one */
};

/* Those of columns that have their heads, into their `folds`; their arena owns them. */
struct error *column_folds_make(const struct report_context *context,
                                struct kernel_columns *columns) MUST_CHECK;

#endif
