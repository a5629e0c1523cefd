/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

#include "report/changes.h"
#include "report/coverage_tables.h"
#include "report/difference_tables.h"
#include "report/overview.h"
#include "report/report_context.h"
#include "report/status_tables.h"
#include "report/struct_files.h"
#include "report/table_output.h"

static void report_context_deinit(struct report_context *context)
{
    survey_deinit(&context->survey);
    page_plan_deinit(&context->plan);
}

static struct error *prepare(const struct report_input *input, const struct report_options *options,
                             struct report_context *context)
{
    const struct history *history = input->history;

    context->input = *input;
    context->options = *options;
    TRY(page_plan_init(&context->plan, history->kernel_names, history->kernel_count,
                       input->groups));
    return survey_make(history, input->groups, options->jobs, &context->survey);
}

static struct error *write_tables(const struct report_context *context, struct table_output *output)
{
    TRY(status_tables_write(context, output));
    TRY(difference_tables_write(context, output));
    TRY(coverage_tables_write(context, output));
    TRY(overview_write(context, output));
    TRY(changes_write(context, output));
    return table_output_finish(output);
}

static struct error *write_all(const struct report_context *context,
                               const struct output_directory *directory,
                               struct report_result *result)
{
    struct table_output output;

    for (size_t i = 0; i < STRUCT_FORMAT_COUNT; i++) {
        if (context->options.formats & struct_formats[i].format)
            TRY(struct_files_write(context, directory, &struct_formats[i], result));
    }
    TRY(table_output_open(directory, &output));
    struct error *error = write_tables(context, &output);
    result->table_count = output.file_count;
    result->table_written_count = output.written_count;
    table_output_close(&output);
    return error;
}

struct error *report_write(const struct report_input *input, const struct report_options *options,
                           struct report_result *result_ret)
{
    CLEANUP(report_context_deinit) struct report_context context = {0};
    CLEANUP(output_directory_close) struct output_directory directory = {.descriptor = -1};
    struct report_result result = {0};

    TRY(output_directory_open(options->directory, &directory));
    TRY(overview_check(options->directory));
    TRY(prepare(input, options, &context));
    TRY(write_all(&context, &directory, &result));
    *result_ret = result;
    return NULL;
}

struct error *report_look(const char *directory, unsigned *formats_ret, size_t *count_ret)
{
    unsigned formats = 0;
    size_t sum = 0;

    for (size_t i = 0; i < STRUCT_FORMAT_COUNT; i++) {
        size_t count;
        TRY(output_folder_count(directory, &struct_formats[i].output, &count));
        if (count > 0)
            formats |= struct_formats[i].format;
        sum += count;
    }
    *formats_ret = formats;
    *count_ret = sum;
    return NULL;
}

static unsigned find_format(const char *word, size_t length)
{
    for (size_t i = 0; i < STRUCT_FORMAT_COUNT; i++) {
        if (strlen(struct_formats[i].word) == length &&
            memcmp(struct_formats[i].word, word, length) == 0)
            return struct_formats[i].format;
    }
    return 0;
}

struct error *report_parse_formats(const char *text, unsigned *formats_ret)
{
    unsigned formats = 0;
    const char *rest = text;

    while (*(rest += strspn(rest, ", "))) {
        size_t length = strcspn(rest, ", ");
        unsigned format = find_format(rest, length);
        if (!format)
            return error_create(ERROR_USAGE, NULL,
                                "there is no format `%.*s`; there are md, md-full and json",
                                (int)length, rest);
        formats |= format;
        rest += length;
    }
    if (!formats)
        return error_create(ERROR_USAGE, NULL,
                            "no format is named; there are md, md-full and json");
    *formats_ret = formats;
    return NULL;
}
