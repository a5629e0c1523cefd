/* SPDX-License-Identifier: MIT */
/* Tables as RFC 4180 has them, but with line ends as this system has them. */
#ifndef KSTRUCT_REPORT_WRITE_CSV_H
#define KSTRUCT_REPORT_WRITE_CSV_H

#include <stdint.h>

#include "base/buffer.h"

/* Appends a field, with a comma before it unless a line begins. Quoted where it must be; what a
 * spreadsheet would take for a formula gets an apostrophe in front. Control characters become
 * spaces, and bytes that are no UTF-8 U+FFFD. */
void csv_append_text(struct buffer *out, const char *text);
void csv_append_number(struct buffer *out, uint64_t number);
void csv_append_signed(struct buffer *out, int64_t number);

void csv_end_line(struct buffer *out);

#endif
