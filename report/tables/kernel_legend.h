/* SPDX-License-Identifier: MIT */
/* What the heads of kernels in a table stand for, and what the kernels are compared with. */
#ifndef KSTRUCT_REPORT_TABLES_KERNEL_LEGEND_H
#define KSTRUCT_REPORT_TABLES_KERNEL_LEGEND_H

#include "base/buffer.h"
#include "report/report_context.h"
#include "report/tables/column_folds.h"
#include "report/tables/kernel_columns.h"

/* Appends what is to stand after the group's name, for the columns that are in the group:
 * ", each compared with the one before: 4.4 = `4.4.0-21-generic-amd64`; 4.8 = …". */
void kernel_legend_append(const struct report_context *context,
                          const struct kernel_columns *columns, const struct kernel_group *group,
                          struct buffer *out);

/* The same where the table's columns are folds of those:
 * "…: 5.4 – 5.4.12 = 13 kernels from `5.4.0-26-generic-amd64` to `5.4.12-26-generic-amd64`". */
void kernel_legend_append_folds(const struct report_context *context,
                                const struct kernel_columns *columns,
                                const struct column_folds *folds, const struct kernel_group *group,
                                struct buffer *out);

#endif
