/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "base/string_table.h"
#include "report/page_path.h"
#include "report/page_tree.h"
#include "report/struct_page.h"

enum {
    PAGE_MAXIMUM = 1024 * 1024 * 1024,
    PATH_MAXIMUM = 4096,
};

/* What one thread has for itself. */
struct report_worker {
    struct buffer page;
    size_t written_count;
};

struct report_writer {
    const struct history *history;
    struct page_plan plan;
    struct page_tree tree;
    struct string_table paths; /* of the pages, by page number */
    size_t *struct_indexes;    /* by page number */
    struct report_worker *workers;
    unsigned worker_count;
};

static void report_writer_deinit(struct report_writer *writer)
{
    for (unsigned i = 0; i < writer->worker_count; i++)
        buffer_deinit(&writer->workers[i].page);
    free(writer->workers);
    free(writer->struct_indexes);
    string_table_deinit(&writer->paths);
    page_plan_deinit(&writer->plan);
    page_tree_close(&writer->tree);
}

static struct error *create_workers(struct report_writer *writer, unsigned jobs)
{
    unsigned count = jobs > 0 ? jobs : 1;

    writer->workers = calloc(count, sizeof(*writer->workers));
    if (!writer->workers)
        return error_out_of_memory();
    writer->worker_count = count;
    for (unsigned i = 0; i < count; i++)
        buffer_init(&writer->workers[i].page, PAGE_MAXIMUM);
    return NULL;
}

static struct error *add_page(struct report_writer *writer, size_t struct_index,
                              struct buffer *path)
{
    const char *name = writer->history->structs[struct_index].name;
    uint32_t page_number = writer->paths.count;
    uint32_t path_number = 0;

    buffer_clear(path);
    page_path_append(path, name);
    TRY(buffer_check(path, name));
    TRY(string_table_intern(&writer->paths, buffer_text(path), path->length, &path_number));
    if (path_number != page_number)
        return error_create(ERROR_INTERNAL, name, "another struct's page has the path %s, too",
                            buffer_text(path));
    writer->struct_indexes[page_number] = struct_index;
    return NULL;
}

static struct error *list_pages(struct report_writer *writer)
{
    CLEANUP(buffer_deinit) struct buffer path;
    size_t struct_count = writer->history->struct_count;

    buffer_init(&path, PATH_MAXIMUM);
    writer->struct_indexes = calloc(struct_count + 1, sizeof(*writer->struct_indexes));
    if (!writer->struct_indexes)
        return error_out_of_memory();
    for (size_t i = 0; i < struct_count; i++) {
        if (struct_page_is_wanted(&writer->history->structs[i], &writer->plan))
            TRY(add_page(writer, i, &path));
    }
    return NULL;
}

static struct error *write_page(void *context, unsigned worker_number, size_t page_number)
{
    struct report_writer *writer = context;
    struct report_worker *worker = &writer->workers[worker_number];
    bool is_written = false;

    buffer_clear(&worker->page);
    TRY(struct_page_render(&writer->history->structs[writer->struct_indexes[page_number]],
                           &writer->plan, &worker->page));
    TRY(page_tree_put(&writer->tree, worker_number, writer->paths.texts[page_number], &worker->page,
                      &is_written));
    worker->written_count += is_written;
    return NULL;
}

struct error *report_write_pages(const struct history *history, const struct kernel_groups *groups,
                                 const struct report_options *options,
                                 struct report_result *result_ret)
{
    CLEANUP(report_writer_deinit)
    struct report_writer writer = {.history = history, .tree.directory = -1};
    struct report_result result = {0};

    string_table_init(&writer.paths);
    TRY(page_plan_init(&writer.plan, history->kernel_names, history->kernel_count, groups));
    TRY(create_workers(&writer, options->jobs));
    TRY(list_pages(&writer));
    TRY(page_tree_open(options->directory, &writer.tree));
    TRY(page_tree_prepare(&writer.tree, &writer.paths, &result.removed_count));
    result.page_count = writer.paths.count;
    TRY(parallel_for(writer.worker_count, result.page_count, write_page, &writer));
    for (unsigned i = 0; i < writer.worker_count; i++)
        result.written_count += writer.workers[i].written_count;
    result.unchanged_count = result.page_count - result.written_count;
    *result_ret = result;
    return NULL;
}
