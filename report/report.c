/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/parallel.h"
#include "report/news/changes.h"
#include "report/output/page_files.h"
#include "report/output/table_output.h"
#include "report/report_context.h"
#include "report/site/site.h"
#include "report/tables/coverage/coverage_tables.h"
#include "report/tables/differences/difference_tables.h"
#include "report/tables/overview.h"
#include "report/tables/status/status_tables.h"

/* No table with longer names than these could be opened; no honest name has a tenth of it. */
enum { NAME_BYTES_MAXIMUM = 4096, NAME_BYTES_TOLD = 40 };

/* What is written before definitions' files: see write_item(). */
enum { FIRST_BATCH_ITEM = 2 };

/* The definitions of the history that the report tells of, as a history that shares all but the
 * list of them. */
static struct error *select_definitions(const struct history *history, struct log *log,
                                        struct history *selected)
{
    *selected = *history;
    selected->definitions = calloc(history->definition_count + 1, sizeof(*selected->definitions));
    selected->definition_count = 0;
    if (!selected->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        size_t length = strlen(entry->name);
        if (length <= NAME_BYTES_MAXIMUM)
            selected->definitions[selected->definition_count++] = *entry;
        else
            log_write(log, LOG_WARNING, "%s %.*s…: left out: its name has %zu bytes",
                      definition_kind_texts[entry->kind].singular, NAME_BYTES_TOLD, entry->name,
                      length);
    }
    return NULL;
}

static void free_selected(struct history *selected)
{
    free(selected->definitions);
}

static void report_context_deinit(struct report_context *context)
{
    survey_deinit(&context->survey);
    page_plan_deinit(&context->plan);
    site_destroy(context->site);
}

/* SELECTED must live as long as the context. */
static struct error *prepare(const struct report_input *input, const struct report_options *options,
                             struct history *selected, struct report_context *context)
{
    const struct history *history = selected;

    context->input = *input;
    context->input.history = selected;
    context->options = *options;
    TRY(select_definitions(input->history, options->log, selected));
    if (context->options.jobs == 0)
        context->options.jobs = 1;
    TRY(page_plan_init(&context->plan, history->kernel_names, history->kernel_count,
                       input->groups));
    TRY(survey_make(history, input->groups, context->options.jobs, &context->survey));
    return options->formats & REPORT_HTML ? site_create(context, &context->site) : NULL;
}

/* A report's files while they are written. */
struct report_writer {
    const struct report_context *context;
    size_t format_count;
    struct page_files formats[PAGE_FORMAT_COUNT];
    struct table_output tables;
    struct table_output site; /* without folders if there is none */
    size_t item_count;
    atomic_size_t done_count;
};

static void report_writer_close(struct report_writer *writer)
{
    for (size_t i = 0; i < writer->format_count; i++)
        page_files_close(&writer->formats[i]);
    table_output_close(&writer->tables);
    table_output_close(&writer->site);
}

static struct error *report_writer_open(const struct output_directory *directory,
                                        struct report_writer *writer)
{
    for (size_t i = 0; i < PAGE_FORMAT_COUNT; i++) {
        if (!(writer->context->options.formats & page_formats[i].format))
            continue;
        TRY(page_files_open(writer->context, directory, &page_formats[i],
                            &writer->formats[writer->format_count]));
        writer->format_count++;
    }
    return writer->context->site ? table_output_open(directory, &site_folders, &writer->site)
                                 : NULL;
}

static struct error *write_tables(const struct report_context *context, struct table_output *output)
{
    TRY(status_tables_write(context, output));
    TRY(difference_tables_write(context, output));
    TRY(coverage_tables_write(context, output));
    return overview_write(context, output);
}

static struct error *write_batch(struct report_writer *writer, unsigned worker, size_t batch)
{
    struct page_files *files = writer->formats;

    for (; batch >= files->batch_count; files++)
        batch -= files->batch_count;
    return page_files_write_batch(files, worker, batch);
}

/* Item 0 is all tables, item 1 the site but for definitions, the others are batches of definitions'
 * files. */
static struct error *write_item(void *argument, unsigned worker, size_t item)
{
    struct report_writer *writer = argument;
    const struct report_observer *observer = writer->context->options.observer;
    const atomic_bool *is_cancelled = writer->context->options.is_cancelled;

    if (is_cancelled && atomic_load(is_cancelled))
        return error_create(ERROR_INTERRUPTED, writer->context->options.directory,
                            "the report is not complete; the next one goes on from there");
    if (item == 0)
        TRY(write_tables(writer->context, &writer->tables));
    else if (item == 1)
        TRY(writer->context->site ? site_write(writer->context, &writer->site) : NULL);
    else
        TRY(write_batch(writer, worker, item - FIRST_BATCH_ITEM));
    size_t done = atomic_fetch_add(&writer->done_count, 1) + 1;
    if (observer)
        observer->notify(observer->context, done, writer->item_count);
    return NULL;
}

static struct error *write_items(struct report_writer *writer)
{
    writer->item_count = FIRST_BATCH_ITEM;
    for (size_t i = 0; i < writer->format_count; i++)
        writer->item_count += writer->formats[i].batch_count;
    return parallel_for(writer->context->options.jobs, writer->item_count, write_item, writer);
}

static struct error *finish(struct report_writer *writer, struct report_result *result)
{
    for (size_t i = 0; i < writer->format_count; i++)
        TRY(page_files_finish(&writer->formats[i], result));
    TRY(table_output_finish(&writer->site));
    /* Last: once the changes are told, everything that they tell of must be there. */
    TRY(changes_write(writer->context, &writer->tables));
    TRY(table_output_finish(&writer->tables));
    result->table_count = writer->tables.file_count + writer->site.file_count;
    result->table_written_count = writer->tables.written_count + writer->site.written_count;
    return NULL;
}

static struct error *write_all(const struct report_context *context,
                               const struct output_directory *directory,
                               struct report_result *result)
{
    struct report_writer writer = {.context = context};

    TRY(table_output_open(directory, &table_folders, &writer.tables));
    struct error *error = report_writer_open(directory, &writer);
    if (!error)
        error = write_items(&writer);
    if (!error)
        error = finish(&writer, result);
    report_writer_close(&writer);
    return error;
}

/* A front page that somebody has put even into a report's directory is not replaced unasked. */
static struct error *open_directory(const char *path, bool adopts,
                                    struct output_directory *directory_ret)
{
    if (path[0] == '\0')
        return error_create(ERROR_USAGE, NULL, "the report's directory has an empty name");
    if (!adopts)
        TRY(overview_check(path));
    return output_directory_open(path, adopts, directory_ret);
}

struct error *report_claim(const char *directory, bool adopts)
{
    CLEANUP(output_directory_close) struct output_directory opened = {.descriptor = -1};

    return open_directory(directory, adopts, &opened);
}

struct error *report_write(const struct report_input *input, const struct report_options *options,
                           struct report_result *result_ret)
{
    CLEANUP(report_context_deinit) struct report_context context = {0};
    CLEANUP(output_directory_close) struct output_directory directory = {.descriptor = -1};
    CLEANUP(free_selected) struct history selected = {0};
    struct report_result result = {0};

    TRY(open_directory(options->directory, options->adopts, &directory));
    TRY(output_directory_lock(&directory));
    TRY(prepare(input, options, &selected, &context));
    TRY(write_all(&context, &directory, &result));
    TRY(report_look(options->directory, &result.state));
    *result_ret = result;
    return NULL;
}

static unsigned find_format(const char *word, size_t length)
{
    for (size_t i = 0; i < PAGE_FORMAT_COUNT; i++) {
        if (strlen(page_formats[i].word) == length &&
            memcmp(page_formats[i].word, word, length) == 0)
            return page_formats[i].format;
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
                                "there is no format `%.*s`; there are md, md-full, json and html",
                                (int)length, rest);
        formats |= format;
        rest += length;
    }
    if (!formats)
        return error_create(ERROR_USAGE, NULL,
                            "no format is named; there are md, md-full, json and html");
    *formats_ret = formats;
    return NULL;
}
