/* SPDX-License-Identifier: MIT */
#include "fetch/archive/packed_index.h"

#include <archive.h>
#include <archive_entry.h>

enum { UNPACK_CAPACITY = 64 << 10 };

struct error *index_too_long(const char *url, size_t maximum)
{
    return error_create(ERROR_INCONCLUSIVE, url,
                        "is longer than the %zu bytes allowed for an index of this kind", maximum);
}

static struct error *append(struct buffer *bytes, const char *url, const void *more, size_t length)
{
    buffer_append(bytes, more, length);
    if (!bytes->has_failed)
        return NULL;
    return bytes->failure == ERROR_LIMIT ? index_too_long(url, bytes->maximum)
                                         : error_out_of_memory();
}

static void close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

/* libarchive's codes end here. */
static struct error *translate(struct archive *archive, const char *url)
{
    const char *text = archive_error_string(archive);

    return error_create(ERROR_INCONCLUSIVE, url, "cannot be unpacked: %s",
                        text ? text : "no reason given");
}

/* *is_empty_ret: nothing at all was packed. */
static struct error *open_packed(struct archive *archive, const struct buffer *packed,
                                 const char *url, bool *is_empty_ret)
{
    struct archive_entry *entry;

    /* A warning would mean that libarchive runs a program to decompress. */
    if (archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
        archive_read_support_filter_gzip(archive) != ARCHIVE_OK)
        return error_create(ERROR_UNSUPPORTED, url, "this libarchive (%s) lacks xz or gzip",
                            archive_version_details());
    if (archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_open_memory(archive, buffer_text(packed), packed->length) != ARCHIVE_OK)
        return translate(archive, url);
    int status = archive_read_next_header(archive, &entry);
    *is_empty_ret = status == ARCHIVE_EOF;
    return status == ARCHIVE_OK || *is_empty_ret ? NULL : translate(archive, url);
}

struct error *packed_index_unpack(const struct buffer *packed, const char *url, struct buffer *ret)
{
    CLEANUP(close_archive) struct archive *archive = archive_read_new();
    char bytes[UNPACK_CAPACITY];
    bool is_empty = false;
    la_ssize_t count = 0;

    if (!archive)
        return error_out_of_memory();
    buffer_clear(ret);
    TRY(open_packed(archive, packed, url, &is_empty));
    while (!is_empty && (count = archive_read_data(archive, bytes, sizeof(bytes))) > 0) {
        TRY(append(ret, url, bytes, (size_t)count));
    }
    return count == 0 ? NULL : translate(archive, url);
}
