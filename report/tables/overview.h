/* SPDX-License-Identifier: MIT */
/* The report's front page, README.md, which leads to everything else. */
#ifndef KSTRUCT_REPORT_TABLES_OVERVIEW_H
#define KSTRUCT_REPORT_TABLES_OVERVIEW_H

#include "base/error.h"
#include "report/output/table_output.h"
#include "report/report_context.h"

#define OVERVIEW_NAME "README.md"

/* How it begins; one that does not is somebody else's. */
#define OVERVIEW_BEGINNING "# Linux kernel structs"

/* Fails with ERROR_USAGE if there is a README.md that no report wrote. */
struct error *overview_check(const char *directory) MUST_CHECK;

/* Writes README.md. */
struct error *overview_write(const struct report_context *context,
                             struct table_output *output) MUST_CHECK;

#endif
