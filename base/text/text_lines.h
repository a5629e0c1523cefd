/* SPDX-License-Identifier: MIT */
/* The lines of a configuration file, and what may not be in one. */
#ifndef KSTRUCT_BASE_TEXT_TEXT_LINES_H
#define KSTRUCT_BASE_TEXT_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CONFIG_FILE_MAXIMUM = 4 * 1024 * 1024, /* bytes */
    CONFIG_LINE_MAXIMUM = 4096,            /* bytes without the line end */
};

struct text_lines {
    const char *position;
    const char *end;
    unsigned number; /* of the last line read, from 1; 0 before the first */
};

/* How many of the LENGTH bytes are a UTF-8 byte-order mark at the beginning of TEXT. */
size_t text_byte_order_mark_length(const char *text, size_t length);

/* Reads LENGTH bytes of TEXT, which stays the caller's; a UTF-8 byte-order mark is passed over. */
void text_lines_init(struct text_lines *lines, const char *text, size_t length);

/* The next line without its line end (\n or \r\n), not NUL-terminated; false at the end. */
bool text_lines_next(struct text_lines *lines, const char **line_ret, size_t *length_ret);

/* Why the line cannot be read as text (static), with the column, from 1, in *column_ret: it is over
 * the length allowed, is not UTF-8, or has a control character other than a tab. NULL if it can. */
const char *text_line_find_fault(const char *line, size_t length, unsigned *column_ret);

#endif
