/* SPDX-License-Identifier: MIT */
#include "report/tables/differences/difference_tables.h"

#include "report/tables/differences/difference_data.h"
#include "report/tables/differences/difference_page.h"
#include "report/write/pair_path.h"

enum { TABLE_MAXIMUM = 1024 * 1024 * 1024, PATH_MAXIMUM = 4096 };

/* Two groups may compare the same kernels, whose page is one. */
static bool is_first(const struct survey *survey, size_t pair)
{
    const struct kernel_pair *kernels = &survey->pairs[pair].kernels;

    for (size_t i = 0; i < pair; i++) {
        if (survey->pairs[i].kernels.before == kernels->before &&
            survey->pairs[i].kernels.after == kernels->after)
            return false;
    }
    return true;
}

static struct error *write_pair(const struct report_context *context,
                                const struct name_index *index, size_t pair,
                                struct table_output *output, struct buffer *content)
{
    CLEANUP(buffer_deinit) struct buffer path;
    const struct kernel_pair *kernels = &context->survey.pairs[pair].kernels;
    const char *const *names = context->input.history->kernel_names;

    buffer_init(&path, PATH_MAXIMUM);
    pair_path_append(names[kernels->before], names[kernels->after], ".md", &path);
    TRY(buffer_check(&path, "the path of a page"));
    buffer_clear(content);
    difference_page_append(context, index, pair, content);
    return table_output_put(output, TABLE_DIFFERENCES, buffer_text(&path), content);
}

static struct error *write_pairs(const struct report_context *context, struct table_output *output,
                                 struct buffer *content)
{
    CLEANUP(name_index_deinit) struct name_index index = {0};

    TRY(name_index_make(context->input.history, &context->plan, &index));
    for (size_t i = 0; i < context->survey.pair_count; i++) {
        if (is_first(&context->survey, i))
            TRY(write_pair(context, &index, i, output, content));
    }
    return NULL;
}

static struct error *write_overview(const struct report_context *context,
                                    struct table_output *output, struct buffer *content)
{
    CLEANUP(kernel_columns_deinit) struct kernel_columns columns = {0};

    TRY(kernel_columns_make(context, &columns));
    difference_page_append_overview(context, &columns, content);
    return table_output_put(output, TABLE_DIFFERENCES, "README.md", content);
}

struct error *difference_tables_write(const struct report_context *context,
                                      struct table_output *output)
{
    CLEANUP(buffer_deinit) struct buffer content;

    buffer_init(&content, TABLE_MAXIMUM);
    TRY(write_overview(context, output, &content));
    TRY(write_pairs(context, output, &content));
    buffer_clear(&content);
    difference_data_append_csv(context, &content);
    TRY(table_output_put(output, TABLE_DATA, "differences.csv", &content));
    buffer_clear(&content);
    TRY(difference_data_append_json(context, &content));
    return table_output_put(output, TABLE_DATA, "differences.json", &content);
}
