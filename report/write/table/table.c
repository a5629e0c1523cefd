/* SPDX-License-Identifier: MIT */
#include "report/write/table/table.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/text/escape.h"
#include "report/write/markdown.h"
#include "report/write/table/table_line.h"

void table_cell_set_text(struct table_cell *cell, const char *text)
{
    if (!text || text[0] == '\0')
        return;
    cell->kind = CELL_TEXT;
    cell->text = text;
}

void table_cell_set_number(struct table_cell *cell, uint64_t number)
{
    cell->kind = CELL_NUMBER;
    cell->number = number;
}

void table_cell_set_known_number(struct table_cell *cell, bool is_known, uint64_t number)
{
    cell->kind = is_known ? CELL_NUMBER : CELL_UNKNOWN;
    cell->number = number;
}

void table_cell_set_flag(struct table_cell *cell, bool flag)
{
    cell->kind = CELL_FLAG;
    cell->flag = flag;
}

void table_cell_set_enumerator(struct table_cell *cell, const struct enumerator *enumerator)
{
    cell->kind = CELL_ENUMERATOR;
    cell->enumerator = enumerator;
}

struct buffer *table_cell_show(struct table_cell *cell)
{
    cell->kind = CELL_SHOWN;
    return &cell->shown;
}

void table_cell_set_code(struct table_cell *cell, const char *name)
{
    if (cell->notation == TABLE_MARKDOWN)
        markdown_append_code(table_cell_show(cell), name);
    else
        table_cell_set_text(cell, name);
}

void table_cell_append_shown(const struct table_cell *cell, struct buffer *out)
{
    switch (cell->kind) {
    case CELL_EMPTY: break;
    case CELL_UNKNOWN: buffer_append_char(out, '?'); break;
    case CELL_NUMBER: buffer_append_format(out, "%" PRIu64, cell->number); break;
    case CELL_ENUMERATOR: enumerator_append_value(out, cell->enumerator); break;
    case CELL_FLAG: buffer_append_text(out, cell->flag ? "yes" : "no"); break;
    case CELL_SHOWN: buffer_append_buffer(out, &cell->shown); break;
    case CELL_TEXT:
        if (cell->notation == TABLE_MARKDOWN)
            markdown_append_text(out, cell->text);
        else
            escape_append(out, ESCAPE_NOTHING_MORE, cell->text);
    }
}

static size_t find_row(const struct table *table, size_t row)
{
    while (row < table->row_count && table->has_row && !table->has_row(table, row))
        row++;
    return row;
}

bool table_has_rows(const struct table *table)
{
    return find_row(table, 0) < table->row_count;
}

size_t table_width(const struct table *table)
{
    return table->selected ? table->selected_count : table->column_count - table->first_column;
}

size_t table_column_at(const struct table *table, size_t place)
{
    return table->selected ? table->selected[place] : table->first_column + place;
}

void table_line_init(struct table_line *line, const struct table *table,
                     enum table_notation notation, struct buffer *out)
{
    *line = (struct table_line){
        .table = table,
        .row = SIZE_MAX,
        .cells = calloc(table->column_count + 1, sizeof(*line->cells)),
        .out = out,
    };
    if (!line->cells)
        buffer_fail(out, ERROR_OUT_OF_MEMORY);
    for (size_t i = 0; line->cells && i < table->column_count; i++) {
        line->cells[i].notation = notation;
        buffer_init(&line->cells[i].shown, out->maximum);
    }
}

void table_line_deinit(struct table_line *line)
{
    for (size_t i = 0; line->cells && i < line->table->column_count; i++)
        buffer_deinit(&line->cells[i].shown);
    free(line->cells);
    *line = (struct table_line){0};
}

void table_line_fill(struct table_line *line, size_t row)
{
    const struct table *table = line->table;

    line->row = row;
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_clear(&line->cells[i].shown);
        line->cells[i].kind = CELL_EMPTY;
        line->cells[i].takes_rest = false;
    }
    table->fill(table, row, line->cells);
    for (size_t i = 0; i < table->column_count; i++)
        buffer_take_failure(line->out, &line->cells[i].shown);
}

bool table_line_next(struct table_line *line)
{
    const struct table *table = line->table;
    size_t row = line->row + 1; /* 0 at first */

    if (!line->cells)
        return false;
    if (row > 0 && table->row_end)
        row = table->row_end(table, line->row);
    row = find_row(table, row);
    if (row >= table->row_count)
        return false;
    table_line_fill(line, row);
    return true;
}
