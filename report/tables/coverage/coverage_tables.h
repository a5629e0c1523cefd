/* SPDX-License-Identifier: MIT */
/*
 * Which kernels were wanted and which were read, from what, and why the others were not:
 * Coverage.md, tables/coverage.csv and coverage.json.
 */
#ifndef KSTRUCT_REPORT_TABLES_COVERAGE_TABLES_H
#define KSTRUCT_REPORT_TABLES_COVERAGE_TABLES_H

#include "base/error.h"
#include "report/output/table_output.h"
#include "report/report_context.h"

struct error *coverage_tables_write(const struct report_context *context,
                                    struct table_output *output) MUST_CHECK;

#endif
