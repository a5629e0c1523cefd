/* SPDX-License-Identifier: MIT */
/*
 * What changed from kernel to kernel: a table over all pairs of all groups
 * (Differences/README.md), a page for each pair with the structs concerned
 * (Differences/BEFORE..AFTER.md), and the table for programs (tables/differences.csv and .json).
 */
#ifndef KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_TABLES_H
#define KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_TABLES_H

#include "base/error.h"
#include "report/output/table_output.h"
#include "report/report_context.h"

struct error *difference_tables_write(const struct report_context *context,
                                      struct table_output *output) MUST_CHECK;

#endif
