/* SPDX-License-Identifier: MIT */
#include "report/struct_files.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "base/string_table.h"
#include "report/page_path.h"
#include "report/struct_full_page.h"
#include "report/struct_json.h"
#include "report/struct_page.h"

enum {
    FILE_MAXIMUM = 1024 * 1024 * 1024,
    PATH_MAXIMUM = 4096,
};

static struct error *render_page(const struct report_context *context, size_t struct_index,
                                 struct arena *scratch UNUSED, struct buffer *content)
{
    return struct_page_render(&context->input.history->structs[struct_index], &context->plan,
                              content);
}

const struct struct_format struct_formats[STRUCT_FORMAT_COUNT] = {
    {REPORT_MARKDOWN, "md", {"Struct", ".md", STRUCT_PAGE_BEGINNING, true}, render_page},
    {REPORT_MARKDOWN_FULL,
     "md-full",
     {"Full", ".md", STRUCT_FULL_PAGE_BEGINNING, true},
     struct_full_page_render},
    {REPORT_JSON, "json", {"Json", ".json", STRUCT_JSON_BEGINNING, true}, struct_json_render},
};

const struct struct_format *struct_format_to_link(unsigned formats)
{
    for (size_t i = 0; i < STRUCT_FORMAT_COUNT; i++) {
        if (formats & struct_formats[i].format)
            return &struct_formats[i];
    }
    return &struct_formats[0];
}

/* What one thread has for itself. */
struct file_worker {
    struct arena scratch;
    struct buffer content;
    size_t written_count;
};

struct file_writer {
    const struct report_context *context;
    const struct struct_format *format;
    struct output_folder folder;
    struct string_table paths; /* by file number */
    size_t *struct_indexes;    /* by file number */
    struct file_worker *workers;
    unsigned worker_count;
};

static void file_writer_deinit(struct file_writer *writer)
{
    for (unsigned i = 0; i < writer->worker_count; i++) {
        arena_deinit(&writer->workers[i].scratch);
        buffer_deinit(&writer->workers[i].content);
    }
    free(writer->workers);
    free(writer->struct_indexes);
    string_table_deinit(&writer->paths);
    output_folder_close(&writer->folder);
}

static struct error *create_workers(struct file_writer *writer)
{
    unsigned jobs = writer->context->options.jobs;
    unsigned count = jobs > 0 ? jobs : 1;

    writer->workers = calloc(count, sizeof(*writer->workers));
    if (!writer->workers)
        return error_out_of_memory();
    writer->worker_count = count;
    for (unsigned i = 0; i < count; i++)
        buffer_init(&writer->workers[i].content, FILE_MAXIMUM);
    return NULL;
}

static struct error *add_file(struct file_writer *writer, size_t struct_index, struct buffer *path)
{
    const char *name = writer->context->input.history->structs[struct_index].name;
    uint32_t file_number = writer->paths.count;
    uint32_t path_number = 0;

    buffer_clear(path);
    page_path_append(path, name, writer->format->output.suffix);
    TRY(buffer_check(path, name));
    TRY(string_table_intern(&writer->paths, buffer_text(path), path->length, &path_number));
    if (path_number != file_number)
        return error_create(ERROR_INTERNAL, name, "another struct's page has the path %s, too",
                            buffer_text(path));
    writer->struct_indexes[file_number] = struct_index;
    return NULL;
}

static struct error *list_files(struct file_writer *writer)
{
    CLEANUP(buffer_deinit) struct buffer path;
    const struct history *history = writer->context->input.history;

    buffer_init(&path, PATH_MAXIMUM);
    writer->struct_indexes = calloc(history->struct_count + 1, sizeof(*writer->struct_indexes));
    if (!writer->struct_indexes)
        return error_out_of_memory();
    for (size_t i = 0; i < history->struct_count; i++) {
        if (struct_page_is_wanted(&history->structs[i], &writer->context->plan))
            TRY(add_file(writer, i, &path));
    }
    return NULL;
}

static struct error *write_file(void *context, unsigned worker_number, size_t file_number)
{
    struct file_writer *writer = context;
    struct file_worker *worker = &writer->workers[worker_number];
    bool is_written = false;

    buffer_clear(&worker->content);
    arena_clear(&worker->scratch);
    TRY(writer->format->render(writer->context, writer->struct_indexes[file_number],
                               &worker->scratch, &worker->content));
    TRY(output_folder_put(&writer->folder, worker_number, writer->paths.texts[file_number],
                          &worker->content, &is_written));
    worker->written_count += is_written;
    return NULL;
}

struct error *struct_files_write(const struct report_context *context,
                                 const struct output_directory *directory,
                                 const struct struct_format *format, struct report_result *result)
{
    CLEANUP(file_writer_deinit)
    struct file_writer writer = {.context = context, .format = format, .folder.descriptor = -1};
    size_t removed_count = 0;
    size_t written_count = 0;

    string_table_init(&writer.paths);
    TRY(create_workers(&writer));
    TRY(list_files(&writer));
    TRY(output_folder_open(directory, &format->output, &writer.folder));
    TRY(output_folder_prepare(&writer.folder, &writer.paths, &removed_count));
    TRY(parallel_for(writer.worker_count, writer.paths.count, write_file, &writer));
    for (unsigned i = 0; i < writer.worker_count; i++)
        written_count += writer.workers[i].written_count;
    result->page_count += writer.paths.count;
    result->written_count += written_count;
    result->unchanged_count += writer.paths.count - written_count;
    result->removed_count += removed_count;
    return NULL;
}
