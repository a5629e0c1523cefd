/* SPDX-License-Identifier: MIT */
#include "report/tables/differences/difference_table.h"

#include "report/compare/difference_kind.h"
#include "report/write/markdown.h"
#include "report/write/pair_path.h"

static const struct survey_pair *pair_at(const struct table *table, size_t row)
{
    return &((const struct pair_rows *)table->rows)->pairs[row];
}

/* A kernel by its head, with a link to the pair's page. */
static void append_link(const struct pair_rows *rows, const struct kernel_pair *pair, size_t kernel,
                        struct buffer *out)
{
    const struct kernel_column *column = kernel_columns_find(rows->columns, kernel);
    const char *const *names = rows->context->input.history->kernel_names;

    buffer_append_char(out, '[');
    markdown_append_text(out, column ? column->head : names[kernel]);
    buffer_append_text(out, "](");
    pair_path_append_link(names[pair->before], names[pair->after], ".md", out);
    buffer_append_char(out, ')');
}

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct pair_rows *rows = table->rows;
    const struct survey_pair *pair = pair_at(table, row);
    const size_t kernels[] = {pair->kernels.before, pair->kernels.after};
    struct table_cell *counts = &cells[DIFFERENCE_COLUMN_COUNTS];

    table_cell_set_text(&cells[DIFFERENCE_COLUMN_GROUP], pair->group->name);
    for (size_t i = 0; i < ARRAY_LENGTH(kernels); i++) {
        struct table_cell *cell = &cells[DIFFERENCE_COLUMN_KERNELS + i];
        if (rows->columns)
            append_link(rows, &pair->kernels, kernels[i], table_cell_show(cell));
        else
            table_cell_set_text(cell, report_kernel_name(rows->context, kernels[i]));
    }
    table_cell_set_number(counts++, pair->before_count);
    table_cell_set_number(counts++, pair->after_count);
    for (size_t kind = 0; kind < DIFFERENCE_KIND_COUNT; kind++)
        table_cell_set_number(counts++, pair->counts[kind]);
}

static const struct table_column columns[] = {{"group", "group", ALIGN_LEFT},
                                              {"before", "before", ALIGN_LEFT},
                                              {"after", "after", ALIGN_LEFT},
                                              {"structs_before", "structs before", ALIGN_RIGHT},
                                              {"structs_after", "structs after", ALIGN_RIGHT},
#define X(kind, key, head) {key, head, ALIGN_RIGHT},
                                              DIFFERENCE_KINDS(X)
#undef X
};

struct table difference_table(const struct pair_rows *rows, size_t count,
                              enum difference_column first)
{
    return (struct table){
        .rows = rows,
        .row_count = count,
        .fill = fill_row,
        .column_count = ARRAY_LENGTH(columns),
        .columns = columns,
        .first_column = first,
    };
}
