/* SPDX-License-Identifier: MIT */
/* The lines of a text file, plain or compressed (zstd, gzip, xz; told by its content). */
#ifndef KSTRUCT_EXPORT_LINE_READER_H
#define KSTRUCT_EXPORT_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct line_reader;

/* Reads FILE_DESCRIPTOR, which stays the caller's, from where it is; PATH names it in errors. Lines
 * longer than MAXIMUM bytes are errors. */
struct error *line_reader_open(int file_descriptor, const char *path, size_t maximum,
                               struct line_reader **reader_ret) MUST_CHECK;
void line_reader_close(struct line_reader *reader);

/* The next line without its end, which is in memory until the next call; *has_line_ret is false
 * after the last. A last line without an end counts. Fails with ERROR_CORRUPT, ERROR_LIMIT. */
struct error *line_reader_next(struct line_reader *reader, bool *has_line_ret,
                               const char **line_ret, size_t *length_ret) MUST_CHECK;

/* The number of the line read last, from 1. */
uint64_t line_reader_number(const struct line_reader *reader);

#endif
