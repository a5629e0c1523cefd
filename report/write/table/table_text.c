/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "model/text/escape.h"
#include "report/write/table/table_line.h"

enum { GAP = 2, CELL_MAXIMUM = 4 * 1024 * 1024 };

/* A table in the making. */
struct text_table {
    const struct table *table;
    size_t *widths; /* by column, in characters */
    struct buffer cell;
};

static void text_table_deinit(struct text_table *text)
{
    free(text->widths);
    buffer_deinit(&text->cell);
}

/* Characters; all of a name's are one column wide on a terminal. */
static size_t width_of(const struct buffer *cell)
{
    size_t width = 0;

    for (size_t i = 0; i < cell->length; i++)
        width += ((unsigned char)cell->data[i] & 0xc0) != 0x80;
    return width;
}

static void make_text(struct text_table *text, const struct table_cell *cell)
{
    buffer_clear(&text->cell);
    table_cell_append_shown(cell, &text->cell);
}

static void widen(struct text_table *text, size_t column)
{
    size_t width = width_of(&text->cell);

    if (text->widths[column] < width)
        text->widths[column] = width;
}

static void measure(struct text_table *text, struct buffer *out)
{
    CLEANUP(table_line_deinit) struct table_line line;

    table_line_init(&line, text->table, TABLE_TEXT, out);
    while (table_line_next(&line)) {
        for (size_t i = 0; i < table_width(text->table); i++) {
            size_t column = table_column_at(text->table, i);
            if (line.cells[column].takes_rest)
                break;
            make_text(text, &line.cells[column]);
            widen(text, column);
        }
    }
}

static void append_cell(const struct text_table *text, size_t column, bool is_last,
                        struct buffer *out)
{
    size_t width = width_of(&text->cell);
    size_t blanks = text->widths[column] > width ? text->widths[column] - width : 0;
    bool is_right = text->table->columns[column].alignment == ALIGN_RIGHT;

    buffer_append_format(out, "%*s", GAP + (is_right && blanks > 0 ? (int)blanks : 0), "");
    buffer_append_buffer(out, &text->cell);
    if (!is_right && !is_last)
        buffer_append_format(out, "%*s", (int)blanks, "");
}

static void append_headings(struct text_table *text, struct buffer *out)
{
    const struct table *table = text->table;

    for (size_t i = 0; i < table_width(table); i++) {
        size_t column = table_column_at(table, i);
        buffer_clear(&text->cell);
        escape_append(&text->cell, ESCAPE_NOTHING_MORE, table->columns[column].heading);
        widen(text, column);
        append_cell(text, column, i + 1 == table_width(table), out);
    }
    buffer_append_char(out, '\n');
}

static void append_rows(struct text_table *text, struct buffer *out)
{
    CLEANUP(table_line_deinit) struct table_line line;
    size_t count = table_width(text->table);

    table_line_init(&line, text->table, TABLE_TEXT, out);
    while (table_line_next(&line)) {
        for (size_t i = 0, next; i < count; i = next) {
            size_t column = table_column_at(text->table, i);
            next = line.cells[column].takes_rest ? count : i + 1;
            make_text(text, &line.cells[column]);
            append_cell(text, column, next == count, out);
        }
        buffer_append_char(out, '\n');
    }
}

void table_append_text(const struct table *table, struct buffer *out)
{
    CLEANUP(text_table_deinit)
    struct text_table text = {
        .table = table,
        .widths = calloc(table->column_count + 1, sizeof(*text.widths)),
    };

    buffer_init(&text.cell, CELL_MAXIMUM);
    if (!text.widths) {
        buffer_fail(out, ERROR_OUT_OF_MEMORY);
        return;
    }
    measure(&text, out);
    append_headings(&text, out);
    append_rows(&text, out);
}
