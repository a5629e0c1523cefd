/* SPDX-License-Identifier: MIT */
/*
 * Which definition is in which kernel: an index over all (Status/README.md), a table for each
 * letter (Status/LETTER.md), and all of it for programs (tables/status.csv and status.json).
 */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLES_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_TABLES_H

#include "base/error.h"
#include "report/output/table_output.h"
#include "report/report_context.h"

struct error *status_tables_write(const struct report_context *context,
                                  struct table_output *output) MUST_CHECK;

#endif
