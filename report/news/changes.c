/* SPDX-License-Identifier: MIT */
#include "report/news/changes.h"

#include "base/system/file.h"
#include "report/news/change_log_json.h"
#include "report/news/change_log_update.h"
#include "report/news/changes_feed.h"
#include "report/news/changes_markdown.h"
#include "report/site/pages/changes_page.h"
#include "report/site/pages/site_pages.h"

#define JSON_NAME "changes.json"

/* Of one file, read or written. */
enum { FILE_MAXIMUM = 512 * 1024 * 1024 };

struct changes_writer {
    const struct report_context *context;
    struct table_output *output;
    struct change_log log;
    struct buffer json;
    struct buffer text; /* of the file that is being made */
};

static void changes_writer_deinit(struct changes_writer *writer)
{
    change_log_deinit(&writer->log);
    buffer_deinit(&writer->json);
    buffer_deinit(&writer->text);
}

/* Whatever is wrong with a changes.json, memory begins anew: no report fails for its past. */
static struct error *forget(struct change_log *log, struct error *error)
{
    if (error->code == ERROR_OUT_OF_MEMORY)
        return error;
    error_destroy(error);
    *log = (struct change_log){0};
    return NULL;
}

struct error *changes_recall(const char *directory, struct change_log *log, struct buffer *json)
{
    CLEANUP(free_pointer) char *path = path_join(directory, JSON_NAME);
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;

    *log = (struct change_log){0};
    if (!path)
        return error_out_of_memory();
    struct error *error = file_read(path, FILE_MAXIMUM, &bytes, &length);
    if (!error)
        error = change_log_parse(bytes, length, log);
    if (error)
        return forget(log, error);
    if (json)
        buffer_append(json, bytes, length);
    return NULL;
}

/* The two documents for people are made from what the next report will read: so they come out the
 * same then, whatever names there are that JSON cannot hold. */
static struct error *replace_log(struct changes_writer *writer)
{
    buffer_clear(&writer->json);
    TRY(change_log_append_json(&writer->log, &writer->json));
    change_log_deinit(&writer->log);
    return change_log_parse(buffer_text(&writer->json), writer->json.length, &writer->log);
}

/* Puts the text there, and begins the next one. */
static struct error *put(struct changes_writer *writer, const char *name)
{
    struct error *error = table_output_put(writer->output, TABLE_TOP, name, &writer->text);

    buffer_clear(&writer->text);
    return error;
}

static struct error *put_documents(struct changes_writer *writer)
{
    changes_markdown_append(writer->context, &writer->log, &writer->text);
    TRY(put(writer, "changes.md"));
    if (writer->context->site) {
        changes_page_append(writer->context, &writer->log, &writer->text);
        TRY(put(writer, "changes.html"));
        front_page_append(writer->context, &writer->log, &writer->text);
        TRY(put(writer, "index.html"));
    }
    changes_feed_append(&writer->log, writer->context->site != NULL, &writer->text);
    TRY(put(writer, "changes.atom"));
    /* Last: once it is there, the next report takes all of this as told. */
    return table_output_put(writer->output, TABLE_TOP, JSON_NAME, &writer->json);
}

struct error *changes_write(const struct report_context *context, struct table_output *output)
{
    CLEANUP(changes_writer_deinit)
    struct changes_writer writer = {.context = context, .output = output};
    bool is_new = false;

    buffer_init(&writer.json, FILE_MAXIMUM);
    buffer_init(&writer.text, FILE_MAXIMUM);
    /* The document stays as it is unless there is something new. */
    TRY(changes_recall(context->options.directory, &writer.log, &writer.json));
    TRY(change_log_update(context, &writer.log, &is_new));
    if (is_new)
        TRY(replace_log(&writer));
    return put_documents(&writer);
}
