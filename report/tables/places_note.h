/* SPDX-License-Identifier: MIT */
/* A word of warning where the kernels' data does not tell where members are. */
#ifndef KSTRUCT_REPORT_TABLES_PLACES_NOTE_H
#define KSTRUCT_REPORT_TABLES_PLACES_NOTE_H

#include "base/buffer.h"
#include "report/report_context.h"
#include "report/tables/kernel_columns.h"

/* Appends a paragraph of Markdown, and a line's end before it, if there are kernels that were
 * imported from where neither sizes nor offsets are told. */
void places_note_append(const struct report_context *context, const struct kernel_columns *columns,
                        struct buffer *out);

#endif
