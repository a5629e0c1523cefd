/* SPDX-License-Identifier: MIT */
/* The differences of all pairs of kernels for programs. */
#ifndef KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_DATA_H
#define KSTRUCT_REPORT_TABLES_DIFFERENCES_DIFFERENCE_DATA_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/report_context.h"

/* A line a pair, with its group and its counts. */
void difference_data_append_csv(const struct report_context *context, struct buffer *out);

/* The same with the names of the definitions, as report/schemas/differences.schema.json says. */
struct error *difference_data_append_json(const struct report_context *context,
                                          struct buffer *out) MUST_CHECK;

#endif
