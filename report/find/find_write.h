/* SPDX-License-Identifier: MIT */
/* Writes what was found. */
#ifndef KSTRUCT_REPORT_FIND_FIND_WRITE_H
#define KSTRUCT_REPORT_FIND_FIND_WRITE_H

#include "base/buffer.h"
#include "report/find/find_run.h"

struct find_format {
    const char *word;
    struct error *(*write)(const struct find_result *result, struct buffer *out);
};

extern const struct find_format find_format_text;
extern const struct find_format find_format_json; /* report/schemas/find.schema.json */
extern const struct find_format find_format_csv;  /* one line for each kernel and place */

/* The format that WORD names, or NULL. */
const struct find_format *find_format_find(const char *word);

#endif
