/* SPDX-License-Identifier: MIT */
#include "export/line_reader.h"

#include <archive.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { READ_BLOCK_BYTES = 64 * 1024 };

struct line_reader {
    size_t maximum; /* bytes of a line */
    char *path;
    struct archive *archive;
    bool is_at_end;
    struct buffer text; /* what was read and not yet handed out, from START on */
    size_t start;
    uint64_t number;
};

static struct error *archive_error(const struct line_reader *reader)
{
    const char *reason = archive_error_string(reader->archive);

    return error_create(ERROR_CORRUPT, reader->path, "cannot be read: %s",
                        reason ? reason : "it is damaged");
}

static struct error *open_archive(struct line_reader *reader, int file_descriptor)
{
    struct archive_entry *entry;

    /* Named one by one: among all filters are some that run other programs. */
    if (archive_read_support_filter_zstd(reader->archive) < ARCHIVE_WARN ||
        archive_read_support_filter_gzip(reader->archive) < ARCHIVE_WARN ||
        archive_read_support_filter_xz(reader->archive) < ARCHIVE_WARN ||
        archive_read_support_format_raw(reader->archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(reader->archive) != ARCHIVE_OK)
        return archive_error(reader);
    if (archive_read_open_fd(reader->archive, file_descriptor, READ_BLOCK_BYTES) != ARCHIVE_OK)
        return archive_error(reader);
    int result = archive_read_next_header(reader->archive, &entry);
    if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
        return archive_error(reader);
    reader->is_at_end = result == ARCHIVE_EOF;
    return NULL;
}

struct error *line_reader_open(int file_descriptor, const char *path, size_t maximum,
                               struct line_reader **reader_ret)
{
    struct line_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return error_out_of_memory();
    buffer_init(&reader->text, maximum + READ_BLOCK_BYTES);
    reader->maximum = maximum;
    reader->path = strdup(path);
    reader->archive = archive_read_new();
    struct error *error = reader->path && reader->archive ? open_archive(reader, file_descriptor)
                                                          : error_out_of_memory();
    if (error) {
        line_reader_close(reader);
        return error;
    }
    *reader_ret = reader;
    return NULL;
}

void line_reader_close(struct line_reader *reader)
{
    if (!reader)
        return;
    archive_read_free(reader->archive);
    buffer_deinit(&reader->text);
    free(reader->path);
    free(reader);
}

/* Moves what is left to the front and reads on after it. */
static struct error *fill(struct line_reader *reader)
{
    struct buffer *text = &reader->text;
    char block[READ_BLOCK_BYTES];
    size_t left = text->length - reader->start;

    if (reader->start > 0) {
        memmove(text->data, text->data + reader->start, left);
        text->length = left;
        reader->start = 0;
    }
    la_ssize_t count = archive_read_data(reader->archive, block, sizeof(block));
    if (count < 0)
        return archive_error(reader);
    reader->is_at_end = count == 0;
    buffer_append(text, block, (size_t)count);
    if (text->has_failed)
        return error_create(ERROR_LIMIT, reader->path, "line %" PRIu64 " is too long",
                            reader->number + 1);
    return NULL;
}

struct error *line_reader_next(struct line_reader *reader, bool *has_line_ret,
                               const char **line_ret, size_t *length_ret)
{
    struct buffer *text = &reader->text;
    size_t searched = 0;
    const char *end = NULL;

    for (;;) {
        size_t left = text->length - reader->start;
        if (left > searched)
            end = memchr(text->data + reader->start + searched, '\n', left - searched);
        if (end || reader->is_at_end)
            break;
        searched = left;
        TRY(fill(reader));
    }
    *has_line_ret = text->length > reader->start;
    if (!*has_line_ret)
        return NULL;
    *line_ret = text->data + reader->start;
    *length_ret = end ? (size_t)(end - *line_ret) : text->length - reader->start;
    reader->start += *length_ret + (end ? 1 : 0);
    reader->number++;
    if (*length_ret > reader->maximum)
        return error_create(ERROR_LIMIT, reader->path, "line %" PRIu64 " is too long",
                            reader->number);
    return NULL;
}

uint64_t line_reader_number(const struct line_reader *reader)
{
    return reader->number;
}
