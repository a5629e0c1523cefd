/* SPDX-License-Identifier: MIT */
#include "report/write/table/table_line.h"

enum { TEXT_MAXIMUM = 16 * 1024 * 1024 };

static json_t *value_of(const struct table_cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT: return json_value_text(cell->text);
    case CELL_NUMBER: return json_value_number(cell->number);
    case CELL_ENUMERATOR: return json_value_enumerator(cell->enumerator);
    case CELL_FLAG: return json_boolean(cell->flag);
    case CELL_SHOWN: return NULL; /* which is kept as a failure */
    default: return json_null();
    }
}

void table_set_json_row(const struct table *table, size_t row, struct json_document *document,
                        json_t *object)
{
    CLEANUP(table_line_deinit) struct table_line line;
    struct buffer failures;

    buffer_init(&failures, TEXT_MAXIMUM);
    table_line_init(&line, table, TABLE_VALUES, &failures);
    if (line.cells)
        table_line_fill(&line, row);
    for (size_t i = 0; line.cells && i < table_width(table); i++) {
        size_t column = table_column_at(table, i);
        json_value_set(document, object, table->columns[column].key, value_of(&line.cells[column]));
    }
    document->has_failed |= failures.has_failed;
}
