/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_tables.h"

#include "model/text/json.h"
#include "report/tables/coverage/coverage_columns.h"
#include "report/tables/coverage/coverage_page.h"

#define FORMAT "kstruct-coverage"

enum { FORMAT_VERSION = 1, INDENT = 1, FILE_MAXIMUM = 512 * 1024 * 1024 };

/* What is not known is null: every kernel has every key. */
static struct error *append_json(const struct table *table, struct buffer *json)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, FORMAT, FORMAT_VERSION);
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < table->row_count; i++)
        table_set_json_row(table, i, &document, json_value_add_object(&document, kernels));
    return json_document_append(&document, INDENT, json);
}

struct error *coverage_tables_write(const struct report_context *context,
                                    struct table_output *output)
{
    const struct coverage *coverage = context->input.coverage;
    const struct table table = {
        .rows = coverage,
        .row_count = coverage->count,
        .fill = coverage_fill_row,
        .column_count = COVERAGE_COLUMN_COUNT,
        .columns = coverage_columns,
    };
    CLEANUP(buffer_deinit) struct buffer content;

    buffer_init(&content, FILE_MAXIMUM);
    coverage_page_append(coverage, &content);
    TRY(table_output_put(output, TABLE_TOP, "Coverage.md", &content));
    buffer_clear(&content);
    table_append_csv(&table, &content);
    TRY(table_output_put(output, TABLE_DATA, "coverage.csv", &content));
    buffer_clear(&content);
    TRY(append_json(&table, &content));
    return table_output_put(output, TABLE_DATA, "coverage.json", &content);
}
