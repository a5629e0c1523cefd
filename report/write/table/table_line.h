/* SPDX-License-Identifier: MIT */
/* A table's rows one after the other, for what writes them. */
#ifndef KSTRUCT_REPORT_WRITE_TABLE_TABLE_LINE_H
#define KSTRUCT_REPORT_WRITE_TABLE_TABLE_LINE_H

#include "report/write/table/table.h"

struct table_line {
    const struct table *table;
    size_t row;
    struct table_cell *cells; /* by column; NULL if there was no memory */
    struct buffer *out;       /* keeps the failures of all cells */
};

/* Begins before the first row. Free with table_line_deinit(). */
void table_line_init(struct table_line *line, const struct table *table,
                     enum table_notation notation, struct buffer *out);

void table_line_deinit(struct table_line *line);

/* Goes on to the next row and fills its cells; false if there is none. */
bool table_line_next(struct table_line *line);

/* Fills the cells of ROW, after which table_line_next() goes on. */
void table_line_fill(struct table_line *line, size_t row);

/* What people see of a cell, escaped for its notation. */
void table_cell_append_shown(const struct table_cell *cell, struct buffer *out);

#endif
