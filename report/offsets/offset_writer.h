/* SPDX-License-Identifier: MIT */
/*
 * Tables of offsets as texts, in one of several formats: the beginning, a piece for each table in
 * the order of appending, the end. So a whole data set needs no more memory than its largest
 * struct.
 *
 * text  a block for each struct whose size was asked for, and for each path; a line for each run of
 *       kernels of one line of development that agree, or one for all kernels
 * json  format "kstruct-offsets", version 1: report/schemas/offsets.schema.json
 * csv   a line for each of these and each kernel
 */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_WRITER_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "report/offsets/offset_table.h"

struct offset_writer {
    const struct offset_input *input;
    const struct offset_format *format;
    size_t table_count; /* that were appended */
};

struct offset_format {
    const char *word;
    /* Each appends to OUT. WITH_SIZE: the struct's own size was asked for; JSON always tells it. */
    struct error *(*begin)(const struct offset_writer *writer, struct buffer *out);
    struct error *(*append)(const struct offset_writer *writer, const struct offset_table *table,
                            bool with_size, struct buffer *out);
    struct error *(*end)(const struct offset_writer *writer, struct buffer *out);
};

extern const struct offset_format offset_format_text;
extern const struct offset_format offset_format_json;
extern const struct offset_format offset_format_csv;

/* The format that WORD names, or NULL. */
const struct offset_format *offset_format_find(const char *word);

struct error *offset_writer_begin(struct offset_writer *writer, const struct offset_input *input,
                                  const struct offset_format *format,
                                  struct buffer *out) MUST_CHECK;

struct error *offset_writer_append(struct offset_writer *writer, const struct offset_table *table,
                                   bool with_size, struct buffer *out) MUST_CHECK;

struct error *offset_writer_end(struct offset_writer *writer, struct buffer *out) MUST_CHECK;

#endif
