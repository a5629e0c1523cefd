/* SPDX-License-Identifier: MIT */
/*
 * A table: what its columns are called, and what fills a row. The emitters below write it: Markdown
 * for pages, aligned text for a terminal, CSV and JSON for programs. What a row's function shows to
 * people it escapes for one notation; of a table that is written in several, it asks the cell for
 * which.
 *
 * Rows are numbers from 0 on, of which a table may use some, or of which it may take several as one
 * row: so a table is made from what is there anyway, without a copy.
 */
#ifndef KSTRUCT_REPORT_WRITE_TABLE_TABLE_H
#define KSTRUCT_REPORT_WRITE_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/layout.h"
#include "model/text/json.h"

struct table;

enum table_notation {
    TABLE_MARKDOWN,
    TABLE_TEXT,
    TABLE_VALUES, /* CSV and JSON: values, not words for people */
};

enum cell_kind {
    CELL_EMPTY,   /* there is nothing to say: null in JSON */
    CELL_UNKNOWN, /* `?` for people, null in JSON */
    CELL_TEXT,
    CELL_NUMBER,
    CELL_ENUMERATOR, /* its value, which may have a sign */
    CELL_FLAG,       /* yes or no */
    CELL_SHOWN,      /* what was appended to SHOWN; not in CSV and JSON */
};

struct table_cell {
    enum table_notation notation; /* that is written */
    enum cell_kind kind;
    const char *text;
    uint64_t number;
    bool flag;
    const struct enumerator *enumerator;
    /* The rest of the row is this cell's, which does not count for its column's width. TABLE_TEXT.
     */
    bool takes_rest;
    /* What people are to see, escaped for the notation already; or room for TEXT. */
    struct buffer shown;
};

/* Fills the cells of ROW, one for each column, all of which are empty before. It may be called
 * several times for a row. */
typedef void table_row_function(const struct table *table, size_t row, struct table_cell *cells);

enum table_alignment { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

struct table_column {
    const char *key;     /* for programs; may be NULL where the table is not written for them */
    const char *heading; /* for people; the same */
    enum table_alignment alignment;
};

struct table {
    const void *rows; /* what the functions know them by */
    size_t row_count; /* the number after the last row's */
    table_row_function *fill;
    /* Both may be NULL: then each number is a row. */
    bool (*has_row)(const struct table *table, size_t row);
    size_t (*row_end)(const struct table *table, size_t row); /* the next row's number */
    size_t column_count;
    const struct table_column *columns;
    size_t first_column; /* those before it are filled, and not written */
    /* The numbers of the columns that are written; NULL: all, and then the count is not looked at.
     */
    size_t selected_count;
    const unsigned char *selected;
    bool is_dense; /* Markdown without blanks in it, for tables of very many cells */
};

/* What a function fills a cell with. A text that is NULL or "" leaves it empty. */
void table_cell_set_text(struct table_cell *cell, const char *text);
void table_cell_set_number(struct table_cell *cell, uint64_t number);
void table_cell_set_known_number(struct table_cell *cell, bool is_known, uint64_t number);
void table_cell_set_flag(struct table_cell *cell, bool flag);
void table_cell_set_enumerator(struct table_cell *cell, const struct enumerator *enumerator);

/* The buffer for what people are to see, escaped for the cell's notation. */
struct buffer *table_cell_show(struct table_cell *cell);

/* A name: in Markdown as code. */
void table_cell_set_code(struct table_cell *cell, const char *name);

/* All that append keep a failure in OUT. The whole table with its headings: */
void table_append_markdown(const struct table *table, struct buffer *out);

/* The same with two blanks before each cell, and columns as wide as their widest cell; those that
 * are not aligned to the right are to the left. */
void table_append_text(const struct table *table, struct buffer *out);

/* The keys and the rows as RFC 4180 has them, but with line ends as this system has them. Texts are
 * quoted where they must be, and what is empty or unknown is `""`. What a spreadsheet would take
 * for a formula gets an apostrophe in front. Control characters become spaces, and bytes that are
 * no UTF-8 U+FFFD. */
void table_append_csv(const struct table *table, struct buffer *out);

/* The same in two parts, for one file of several tables. */
void table_append_csv_head(const struct table *table, struct buffer *out);
void table_append_csv_rows(const struct table *table, struct buffer *out);

/* Puts the row's values under the columns' keys of OBJECT. */
void table_set_json_row(const struct table *table, size_t row, struct json_document *document,
                        json_t *object);

/* How many columns are written; and the number of the one in that place. */
size_t table_width(const struct table *table);
size_t table_column_at(const struct table *table, size_t place);

/* Is there a row? */
bool table_has_rows(const struct table *table);

#endif
