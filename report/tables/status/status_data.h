/* SPDX-License-Identifier: MIT */
/* The status of all definitions for programs. */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_DATA_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_DATA_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/tables/status/status_page.h"

/* A line a definition, in the history's order; a column a kernel. */
void status_data_append_csv(const struct status_pages *pages, struct buffer *out);

/* As report/schemas/status.schema.json says. */
struct error *status_data_append_json(const struct status_pages *pages,
                                      struct buffer *out) MUST_CHECK;

#endif
