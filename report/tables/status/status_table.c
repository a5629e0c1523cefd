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

static const struct status_pages *pages_of(const struct table *table)
{
    return ((const struct status_rows *)table->rows)->pages;
}

static void fill_words(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct status_pages *pages = pages_of(table);
    size_t entry_index = entry_of(table, row);
    const struct history_definition *entry =
        &pages->context->input.history->definitions[entry_index];

    definition_title_append(&cells[0].shown, entry->kind, entry->name);
    table_cell_set_text(&cells[0], buffer_text(&cells[0].shown));
    for (size_t i = 0; i < pages->columns->count; i++)
        table_cell_set_text(
            &cells[i + 1],
            status_texts[status_word_of(pages->context, entry_index, &pages->columns->columns[i])]
                .word);
}

/* Each symbol that some of the fold's kernels have, and of how many, unless all have it. */
static void append_symbols(const struct status_pages *pages, size_t entry_index,
                           const struct column_fold *fold, struct buffer *out)
{
    size_t counts[STATUS_COUNT] = {0};
    const char *separator = "";

    for (size_t i = fold->first; i < fold->first + fold->count; i++)
        counts[status_word_of(pages->context, entry_index, &pages->columns->columns[i])]++;
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        buffer_append_format(out, "%s%s", separator, status_texts[i].symbol);
        if (counts[i] < fold->count)
            buffer_append_format(out, "%zu", counts[i]);
        separator = " ";
    }
}

static void fill_symbols(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct status_pages *pages = pages_of(table);
    size_t entry_index = entry_of(table, row);

    status_page_append_link(pages, entry_index, table_cell_show(&cells[0]));
    for (size_t i = 0; i < pages->columns->folds.count; i++)
        append_symbols(pages, entry_index, &pages->columns->folds.folds[i],
                       table_cell_show(&cells[i + 1]));
}

struct error *status_table_make_columns(struct status_pages *pages, struct kernel_columns *columns)
{
    static const struct table_column name = {"struct", "name", ALIGN_LEFT};
    const struct history *history = pages->context->input.history;
    struct table_column *of_kernels =
        arena_allocate(&columns->arena, columns->count + 1, sizeof(*of_kernels));
    struct table_column *of_folds =
        arena_allocate(&columns->arena, columns->folds.count + 1, sizeof(*of_folds));
    if (!of_kernels || !of_folds)
        return error_out_of_memory();
    of_kernels[0] = of_folds[0] = name;
    for (size_t i = 0; i < columns->count; i++)
        of_kernels[i + 1].key = history->kernel_names[columns->columns[i].kernel];
    for (size_t i = 0; i < columns->folds.count; i++)
        of_folds[i + 1] = (struct table_column){NULL, columns->folds.folds[i].head, ALIGN_CENTER};
    pages->table_columns = of_kernels;
    pages->fold_columns = of_folds;
    return NULL;
}

struct table status_table_for_programs(const struct status_rows *rows, size_t count)
{
    return (struct table){
        .rows = rows,
        .row_count = count,
        .fill = fill_words,
        .has_row = has_row,
        .column_count = rows->pages->columns->count + 1,
        .columns = rows->pages->table_columns,
    };
}

struct table status_table_for_people(const struct status_rows *rows, size_t count)
{
    return (struct table){
        .rows = rows,
        .row_count = count,
        .fill = fill_symbols,
        .has_row = has_row,
        .column_count = rows->pages->columns->folds.count + 1,
        .columns = rows->pages->fold_columns,
        .is_dense = true,
    };
}
