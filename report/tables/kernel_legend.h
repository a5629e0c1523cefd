/* SPDX-License-Identifier: MIT */
/* What the heads of kernels in a table stand for, and what the kernels are compared with. */
#ifndef KSTRUCT_REPORT_TABLES_KERNEL_LEGEND_H
#define KSTRUCT_REPORT_TABLES_KERNEL_LEGEND_H

#include <stdbool.h>

#include "base/buffer.h"
#include "report/report_context.h"
#include "report/tables/kernel_columns.h"

/* Appends what is to stand after the group's name, for the columns that are in the group:
 * ", each compared with the one before: 4.4 = `4.4.0-21-generic-amd64`; 4.8 = …"; or, where the
 * table has a column for each fold of them, "…: 5.4 – 5.4.12 = 13 kernels from … to …". */
void kernel_legend_append(const struct report_context *context,
                          const struct kernel_columns *columns, bool are_folded,
                          const struct kernel_group *group, struct buffer *out);

#endif
