/* SPDX-License-Identifier: MIT */
#include "report/write/markdown.h"
#include "report/write/table/table_line.h"

static void end_cell(const struct table *table, bool is_empty, struct buffer *out)
{
    buffer_append_text(out, table->is_dense || is_empty ? "|" : " |");
}

static void begin_cell(const struct table *table, struct buffer *out)
{
    if (!table->is_dense)
        buffer_append_char(out, ' ');
}

static void append_head(const struct table *table, struct buffer *out)
{
    static const char *const rules[][2] = {
        [ALIGN_LEFT] = {"---|", "-|"},
        [ALIGN_RIGHT] = {"--:|", "-:|"},
        [ALIGN_CENTER] = {":-:|", ":-:|"},
    };

    buffer_append_char(out, '|');
    for (size_t i = 0; i < table_width(table); i++) {
        const char *heading = table->columns[table_column_at(table, i)].heading;
        begin_cell(table, out);
        markdown_append_text(out, heading);
        end_cell(table, heading[0] == '\0', out);
    }
    buffer_append_text(out, "\n|");
    for (size_t i = 0; i < table_width(table); i++) {
        enum table_alignment alignment = table->columns[table_column_at(table, i)].alignment;
        buffer_append_text(out, rules[alignment][table->is_dense]);
    }
    buffer_append_char(out, '\n');
}

void table_append_markdown(const struct table *table, struct buffer *out)
{
    CLEANUP(table_line_deinit) struct table_line line;

    table_line_init(&line, table, TABLE_MARKDOWN, out);
    append_head(table, out);
    while (table_line_next(&line)) {
        buffer_append_char(out, '|');
        for (size_t i = 0; i < table_width(table); i++) {
            const struct table_cell *cell = &line.cells[table_column_at(table, i)];
            begin_cell(table, out);
            table_cell_append_shown(cell, out);
            end_cell(table, cell->kind == CELL_EMPTY, out);
        }
        buffer_append_char(out, '\n');
    }
}
