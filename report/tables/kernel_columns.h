/* SPDX-License-Identifier: MIT */
/*
 * The columns of tables that have one for each kernel: every kernel of every group once, in the
 * order of the groups, each with a head that is as short as it can be told from all others.
 *
 * A head says by what the kernel differs from the baseline: "6.8", "arm64", "aws", "6.8 arm64".
 * A version loses a last ".0" and what follows a "+" unless that makes two heads alike; then they
 * get them back, with the ABI; and if that is not enough, they are the kernels' names.
 */
#ifndef KSTRUCT_REPORT_TABLES_KERNEL_COLUMNS_H
#define KSTRUCT_REPORT_TABLES_KERNEL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/report_context.h"
#include "report/tables/column_folds.h"

/* For a column's pair: the kernel is compared with none. */
#define COLUMN_WITHOUT_PAIR SIZE_MAX

struct kernel_column {
    size_t kernel; /* index in the report's list of kernels */
    const struct kernel_group *group;
    size_t pair; /* of the survey: the first that ends in this kernel, or COLUMN_WITHOUT_PAIR */
    const char *head;
    bool has_places; /* sizes and offsets are known, as they are not of some imported kernels */
};

struct kernel_columns {
    struct arena arena; /* owns everything below */
    size_t count;
    struct kernel_column *columns;
    struct column_folds folds; /* of them, for people */
};

/* Refers to CONTEXT. Free with kernel_columns_deinit(). */
struct error *kernel_columns_make(const struct report_context *context,
                                  struct kernel_columns *columns_ret) MUST_CHECK;

void kernel_columns_deinit(struct kernel_columns *columns);

/* The column of a kernel that is in a group. */
const struct kernel_column *kernel_columns_find(const struct kernel_columns *columns,
                                                size_t kernel);

#endif
