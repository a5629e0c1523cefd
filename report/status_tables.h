/* SPDX-License-Identifier: MIT */
/*
 * Which struct is in which kernel: an index over all (Status/README.md), a table for each letter
 * (Status/LETTER.md), and all of it for programs (tables/status.csv and status.json).
 */
#ifndef KSTRUCT_REPORT_STATUS_TABLES_H
#define KSTRUCT_REPORT_STATUS_TABLES_H

#include "base/error.h"
#include "report/report_context.h"
#include "report/table_output.h"

struct error *status_tables_write(const struct report_context *context,
                                  struct table_output *output) MUST_CHECK;

#endif
