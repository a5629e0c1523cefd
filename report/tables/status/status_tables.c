/* SPDX-License-Identifier: MIT */
#include "report/tables/status/status_tables.h"

#include "report/tables/status/status_data.h"
#include "report/tables/status/status_index.h"
#include "report/tables/status/status_page.h"
#include "report/tables/status/status_table.h"

enum { TABLE_MAXIMUM = 1024 * 1024 * 1024 };

static struct error *write_letters(const struct status_pages *pages, struct table_output *output,
                                   struct buffer *content)
{
    for (size_t i = 0; i < pages->index->letter_count; i++) {
        const struct name_letter *letter = &pages->index->letters[i];
        const char name[] = {letter->letter, '.', 'm', 'd', '\0'};
        buffer_clear(content);
        status_page_append(pages, letter, content);
        TRY(table_output_put(output, TABLE_STATUS, name, content));
    }
    return NULL;
}

static struct error *write_all(const struct status_pages *pages, struct table_output *output)
{
    CLEANUP(buffer_deinit) struct buffer content;

    buffer_init(&content, TABLE_MAXIMUM);
    TRY(write_letters(pages, output, &content));
    buffer_clear(&content);
    TRY(status_index_append(pages, &content));
    TRY(table_output_put(output, TABLE_STATUS, "README.md", &content));
    buffer_clear(&content);
    status_data_append_csv(pages, &content);
    TRY(table_output_put(output, TABLE_DATA, "status.csv", &content));
    buffer_clear(&content);
    TRY(status_data_append_json(pages, &content));
    return table_output_put(output, TABLE_DATA, "status.json", &content);
}

struct error *status_tables_write(const struct report_context *context, struct table_output *output)
{
    CLEANUP(kernel_columns_deinit) struct kernel_columns columns = {0};
    CLEANUP(name_index_deinit) struct name_index index = {0};

    TRY(kernel_columns_make(context, &columns));
    TRY(name_index_make(context->input.history, &context->plan, &index));
    struct status_pages pages = {.context = context, .columns = &columns, .index = &index};
    TRY(status_table_make_columns(&pages, &columns));
    return write_all(&pages, output);
}
