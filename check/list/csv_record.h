/* SPDX-License-Identifier: MIT */
/* The records of a CSV file (RFC 4180), with any line ends. */
#ifndef KSTRUCT_CHECK_LIST_CSV_RECORD_H
#define KSTRUCT_CHECK_LIST_CSV_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum { CSV_CELLS_MAXIMUM = 256 };

struct csv_reader {
    const char *position;
    const char *end;
    unsigned line; /* of the record read last, from 1 */
    unsigned next_line;
    size_t count; /* of its cells, which are */
    const char *cells[CSV_CELLS_MAXIMUM];
};

/* BYTES must live as long. */
void csv_reader_init(struct csv_reader *reader, const char *bytes, size_t length);

/* The next record that is not empty; its cells are allocated from ARENA. ERROR_USAGE for a quote
 * without an end, or too many cells. */
struct error *csv_reader_next(struct csv_reader *reader, struct arena *arena,
                              bool *has_record_ret) MUST_CHECK;

/* Cell number COLUMN; "" if the record has not so many. */
const char *csv_reader_cell(const struct csv_reader *reader, size_t column);

#endif
