/* SPDX-License-Identifier: MIT */
#include "report/output/page_files.h"

#include <stdlib.h>
#include <string.h>

#include "report/pages/definition_json.h"
#include "report/pages/full_page.h"
#include "report/pages/struct_page.h"
#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"
#include "report/write/page_path.h"

enum {
    FILE_MAXIMUM = 128 * 1024 * 1024, /* ten times what is seen in honest kernels, or more */
    PATH_MAXIMUM = 4096,
    LETTER_COUNT = 256,
    BATCH_FILES = 64,
};

static struct error *render_page(const struct report_context *context, size_t entry_index,
                                 struct arena *scratch UNUSED, struct buffer *content)
{
    return struct_page_render(&context->input.history->definitions[entry_index], &context->plan,
                              content);
}

const struct page_format page_formats[PAGE_FORMAT_COUNT] = {
    {REPORT_MARKDOWN,
     "md",
     DEFINITION_KIND_BIT(DEFINITION_STRUCT),
     true,
     {"Struct", ".md", STRUCT_PAGE_BEGINNING, true},
     render_page},
    {REPORT_MARKDOWN_FULL,
     "md-full",
     DEFINITION_KINDS_ALL,
     false,
     {"Full", ".md", FULL_PAGE_BEGINNING, true},
     full_page_render},
    {REPORT_JSON,
     "json",
     DEFINITION_KINDS_ALL,
     false,
     {"Json", ".json", DEFINITION_JSON_BEGINNING, true},
     definition_json_render},
#define X(kind, word, singular, plural, prefix, schema_word, parts)                                \
    {REPORT_HTML,                                                                                  \
     "html",                                                                                       \
     DEFINITION_KIND_BIT(kind),                                                                    \
     false,                                                                                        \
     {word, HTML_SUFFIX, HTML_BEGINNING, false},                                                   \
     definition_page_render},
    DEFINITION_KINDS(X)
#undef X
};

const struct page_format *page_format_to_link(unsigned formats, enum definition_kind kind)
{
    unsigned wanted =
        formats & REPORT_MARKDOWN_FULL ? REPORT_MARKDOWN_FULL : formats & ~(unsigned)REPORT_HTML;

    for (size_t i = 0; i < PAGE_FORMAT_COUNT; i++) {
        if ((wanted & page_formats[i].format) &&
            (page_formats[i].kinds & DEFINITION_KIND_BIT(kind)))
            return &page_formats[i];
    }
    return NULL;
}

static bool has_file(const struct report_context *context, const struct page_format *format,
                     const struct history_definition *entry)
{
    return (context->options.formats & format->format) &&
           (format->kinds & DEFINITION_KIND_BIT(entry->kind)) &&
           (format->is_of_vmlinux ? page_is_of_vmlinux(entry, &context->plan)
                                  : page_is_wanted(entry, &context->plan));
}

unsigned page_formats_of(const struct report_context *context,
                         const struct history_definition *entry)
{
    unsigned formats = 0;

    for (size_t i = 0; i < PAGE_FORMAT_COUNT; i++) {
        if (has_file(context, &page_formats[i], entry))
            formats |= page_formats[i].format;
    }
    return formats;
}

/* What one thread has for itself. */
struct file_worker {
    struct arena scratch;
    struct buffer content;
    size_t written_count;
    size_t left_out_count;
};

/* Some files in the folder of one letter. */
struct file_batch {
    uint32_t first; /* in the order */
    uint32_t count;
};

void page_files_close(struct page_files *files)
{
    for (unsigned i = 0; i < files->worker_count; i++) {
        arena_deinit(&files->workers[i].scratch);
        buffer_deinit(&files->workers[i].content);
    }
    free(files->workers);
    free(files->batches);
    free(files->order);
    free(files->entry_indexes);
    string_table_deinit(&files->paths);
    output_folder_close(&files->folder);
}

static struct error *create_workers(struct page_files *files)
{
    unsigned count = files->context->options.jobs;

    files->workers = calloc(count, sizeof(*files->workers));
    if (!files->workers)
        return error_out_of_memory();
    files->worker_count = count;
    for (unsigned i = 0; i < count; i++)
        buffer_init(&files->workers[i].content, FILE_MAXIMUM);
    return NULL;
}

static struct error *add_file(struct page_files *files, size_t entry_index, struct buffer *path)
{
    const struct history_definition *entry =
        &files->context->input.history->definitions[entry_index];
    const char *name = entry->name;
    uint32_t file_number = files->paths.count;
    uint32_t path_number = 0;

    buffer_clear(path);
    if (files->format->output.has_letters)
        page_path_append(path, entry->kind, name, files->format->output.suffix);
    else
        page_path_append_name(path, name, files->format->output.suffix);
    TRY(buffer_check(path, name));
    TRY(string_table_intern(&files->paths, buffer_text(path), path->length, &path_number));
    if (path_number != file_number)
        return error_create(ERROR_INTERNAL, name, "another definition's page has the path %s, too",
                            buffer_text(path));
    files->entry_indexes[file_number] = entry_index;
    return NULL;
}

static struct error *list_files(struct page_files *files)
{
    CLEANUP(buffer_deinit) struct buffer path;
    const struct history *history = files->context->input.history;

    buffer_init(&path, PATH_MAXIMUM);
    files->entry_indexes = calloc(history->definition_count + 1, sizeof(*files->entry_indexes));
    if (!files->entry_indexes)
        return error_out_of_memory();
    for (size_t i = 0; i < history->definition_count; i++) {
        if (has_file(files->context, files->format, &history->definitions[i]))
            TRY(add_file(files, i, &path));
    }
    return NULL;
}

static unsigned char letter_of(const struct page_files *files, uint32_t file_number)
{
    return (unsigned char)files->paths.texts[file_number][0];
}

/* A file system lets one thread at a time create files in a directory: the batches go round the
 * letters, so that threads that take them one after another are mostly in different ones. */
static struct error *make_batches(struct page_files *files)
{
    uint32_t count = files->paths.count;
    uint32_t ends[LETTER_COUNT + 1] = {0}; /* of the letters, in the order */
    uint32_t nexts[LETTER_COUNT];

    files->order = calloc(count + 1, sizeof(*files->order));
    files->batches = calloc(count / BATCH_FILES + LETTER_COUNT, sizeof(*files->batches));
    if (!files->order || !files->batches)
        return error_out_of_memory();
    for (uint32_t i = 0; i < count; i++)
        ends[letter_of(files, i) + 1]++;
    for (size_t letter = 0; letter < LETTER_COUNT; letter++)
        ends[letter + 1] += ends[letter];
    memcpy(nexts, ends, sizeof(nexts));
    for (uint32_t i = 0; i < count; i++)
        files->order[nexts[letter_of(files, i)]++] = i;
    memcpy(nexts, ends, sizeof(nexts));
    for (uint32_t done = 0; done < count;) {
        for (size_t letter = 0; letter < LETTER_COUNT; letter++) {
            uint32_t left = ends[letter + 1] - nexts[letter];
            struct file_batch batch = {nexts[letter], left < BATCH_FILES ? left : BATCH_FILES};
            if (batch.count > 0)
                files->batches[files->batch_count++] = batch;
            nexts[letter] += batch.count;
            done += batch.count;
        }
    }
    return NULL;
}

static struct error *open_files(const struct output_directory *directory, struct page_files *files)
{
    TRY(create_workers(files));
    TRY(list_files(files));
    TRY(make_batches(files));
    TRY(output_folder_open(directory, &files->format->output, &files->folder));
    return output_folder_prepare(&files->folder, &files->paths, &files->removed_count);
}

struct error *page_files_open(const struct report_context *context,
                              const struct output_directory *directory,
                              const struct page_format *format, struct page_files *files_ret)
{
    struct page_files files = {.context = context, .format = format, .folder.descriptor = -1};

    string_table_init(&files.paths);
    struct error *error = open_files(directory, &files);
    if (error) {
        page_files_close(&files);
        return error;
    }
    *files_ret = files;
    return NULL;
}

/* One definition that nobody could read a page of must not keep the others from theirs. */
static struct error *leave_out(struct page_files *files, unsigned worker_number, const char *path,
                               const struct error *reason)
{
    log_write(files->context->options.log, LOG_WARNING, "%s/%s: left out: %s", files->folder.path,
              path, reason->why);
    files->workers[worker_number].left_out_count++;
    return output_folder_remove(&files->folder, path);
}

static struct error *write_file(struct page_files *files, unsigned worker_number,
                                uint32_t file_number)
{
    struct file_worker *worker = &files->workers[worker_number];
    const char *path = files->paths.texts[file_number];
    bool is_written = false;

    buffer_clear(&worker->content);
    arena_clear(&worker->scratch);
    struct error *error = files->format->render(files->context, files->entry_indexes[file_number],
                                                &worker->scratch, &worker->content);
    if (error && error->code == ERROR_LIMIT) {
        struct error *failure = leave_out(files, worker_number, path, error);
        error_destroy(error);
        return failure;
    }
    TRY(error);
    TRY(output_folder_put(&files->folder, worker_number, path, &worker->content, &is_written));
    worker->written_count += is_written;
    return NULL;
}

struct error *page_files_write_batch(struct page_files *files, unsigned worker, size_t batch)
{
    const struct file_batch *chosen = &files->batches[batch];

    for (uint32_t i = 0; i < chosen->count; i++)
        TRY(write_file(files, worker, files->order[chosen->first + i]));
    return NULL;
}

struct error *page_files_finish(struct page_files *files, struct report_result *result)
{
    size_t written_count = 0;
    size_t count = files->paths.count;

    TRY(output_folder_finish(&files->folder));
    for (unsigned i = 0; i < files->worker_count; i++) {
        written_count += files->workers[i].written_count;
        count -= files->workers[i].left_out_count;
    }
    result->page_count += count;
    result->written_count += written_count;
    result->unchanged_count += count - written_count;
    result->removed_count += files->removed_count;
    return NULL;
}
