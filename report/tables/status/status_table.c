/* SPDX-License-Identifier: MIT */
#include "report/tables/status/status_table.h"

#include "report/compare/status_word.h"
#include "report/write/definition_title.h"

static size_t entry_of(const struct table *table, size_t row)
{
    const struct status_rows *rows = table->rows;

    return rows->entries ? rows->entries[row] : row;
}

static bool has_row(const struct table *table, size_t row)
{
    const struct report_context *context =
        ((const struct status_rows *)table->rows)->pages->context;

    return page_is_wanted(&context->input.history->definitions[entry_of(table, row)],
                          &context->plan);
}

static void fill_name(const struct status_pages *pages, size_t entry_index, struct table_cell *cell)
{
    const struct history_definition *entry =
        &pages->context->input.history->definitions[entry_index];

    if (cell->notation == TABLE_MARKDOWN) {
        status_page_append_link(pages, entry_index, table_cell_show(cell));
        return;
    }
    definition_title_append(&cell->shown, entry->kind, entry->name);
    table_cell_set_text(cell, buffer_text(&cell->shown));
}

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct status_pages *pages = ((const struct status_rows *)table->rows)->pages;
    size_t entry_index = entry_of(table, row);

    fill_name(pages, entry_index, &cells[0]);
    for (size_t i = 0; i < pages->columns->count; i++) {
        const struct status_text *text =
            &status_texts[status_word_of(pages->context, entry_index, &pages->columns->columns[i])];
        if (cells[i + 1].notation == TABLE_MARKDOWN)
            buffer_append_text(table_cell_show(&cells[i + 1]), text->symbol);
        else
            table_cell_set_text(&cells[i + 1], text->word);
    }
}

struct error *status_table_make_columns(const struct history *history,
                                        struct kernel_columns *kernels,
                                        const struct table_column **columns_ret)
{
    struct table_column *columns =
        arena_allocate(&kernels->arena, kernels->count + 1, sizeof(*columns));

    if (!columns)
        return error_out_of_memory();
    columns[0] = (struct table_column){"struct", "name", ALIGN_LEFT};
    for (size_t i = 0; i < kernels->count; i++)
        columns[i + 1] = (struct table_column){
            history->kernel_names[kernels->columns[i].kernel],
            kernels->columns[i].head,
            ALIGN_CENTER,
        };
    *columns_ret = columns;
    return NULL;
}

struct table status_table(const struct status_rows *rows, size_t count)
{
    return (struct table){
        .rows = rows,
        .row_count = count,
        .fill = fill_row,
        .has_row = has_row,
        .column_count = rows->pages->columns->count + 1,
        .columns = rows->pages->table_columns,
        .is_dense = true,
    };
}
