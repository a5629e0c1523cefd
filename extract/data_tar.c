/* SPDX-License-Identifier: MIT */
#include "extract/data_tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "extract/xz/xz_block_reader.h"
#include "extract/xz/xz_stream.h"
#include "extract/zstd_window.h"

/* A path that no file system would take is made to harm. */
enum { MAXIMUM_PATH_LENGTH = 4096, PLAIN_CAPACITY = 256 << 10 };

struct data_tar {
    struct package_data data; /* its byte range moves on as it is read */
    struct byte_range whole;  /* that range as it was at first */
    struct archive *archive;
    struct archive_entry *entry;    /* the current member; the archive's */
    struct xz_stream *xz;           /* NULL: libarchive decompresses, or BLOCKS do */
    struct xz_block_reader *blocks; /* NULL: the same */
    struct error *read_error;       /* why the read callback failed; NULL if it did not */
    uint64_t piece_end;             /* of the pieces handed out for the current member */
    char plain_bytes[PLAIN_CAPACITY];
};

/* libarchive says this of zstd data in words alone. */
static bool lacks_window(const char *text)
{
    return text && strstr(text, "requires too much memory") != NULL;
}

static struct error *window_too_large(const struct data_tar *tar)
{
    uint64_t byte_size;

    TRY(zstd_window_size(&tar->whole, &byte_size));
    if (byte_size == 0)
        return error_create(ERROR_LIMIT, tar->data.bytes.source.path,
                            "needs more memory to decompress than is allowed: its zstd data was "
                            "not made by dpkg-deb");
    return error_create(ERROR_LIMIT, tar->data.bytes.source.path,
                        "needs %" PRIu64 " MiB of memory to decompress, more than is allowed: its "
                        "zstd data was not made by dpkg-deb",
                        byte_size >> 20);
}

/* libarchive's codes end here. Only OK, and a warning where a header could be read, are success. */
static struct error *translate(struct data_tar *tar)
{
    struct error *error = tar->read_error;
    const char *text = archive_error_string(tar->archive);

    tar->read_error = NULL;
    if (error)
        return error;
    if (archive_errno(tar->archive) == ENOMEM)
        return error_out_of_memory();
    if (lacks_window(text))
        return window_too_large(tar);
    return error_create(ERROR_CORRUPT, tar->data.bytes.source.path,
                        "its %s is damaged: %s; fetch it again", tar->data.name,
                        text ? text : "no reason given");
}

/* libarchive goes over a member's contents: no block is decoded for that. */
static la_int64_t skip(struct archive *archive UNUSED, void *context, la_int64_t request)
{
    struct data_tar *tar = context;

    return request > 0 ? (la_int64_t)xz_block_reader_skip(tar->blocks, (uint64_t)request) : 0;
}

static la_ssize_t read_block(struct archive *archive, void *context, const void **bytes_ret)
{
    struct data_tar *tar = context;
    size_t length = 0;

    if (tar->blocks) {
        tar->read_error = xz_block_reader_read(tar->blocks, bytes_ret, &length);
    } else if (tar->xz) {
        tar->read_error = xz_stream_read(tar->xz, bytes_ret, &length);
    } else {
        *bytes_ret = tar->plain_bytes;
        tar->read_error =
            byte_range_read(&tar->data.bytes, tar->plain_bytes, sizeof(tar->plain_bytes), &length);
    }
    if (tar->read_error) {
        archive_set_error(archive, EIO, "%s", tar->read_error->why);
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)length;
}

/* The name is only a hint: people rename files, and dpkg goes by the contents too. */
static struct error *is_xz(const struct package_data *data, bool *ret)
{
    static const char magic[] = {'\xfd', '7', 'z', 'X', 'Z', '\0'};
    const struct byte_range *range = &data->bytes;
    char bytes[sizeof(magic)];
    size_t length = 0;

    TRY(bytes_read_at(&range->source, range->byte_offset, bytes, sizeof(bytes), &length));
    *ret = range->end_offset - range->byte_offset >= sizeof(magic) && length == sizeof(magic) &&
           memcmp(bytes, magic, sizeof(magic)) == 0;
    return NULL;
}

/* A warning would mean that libarchive runs a program to decompress. */
static struct error *support_filters(struct data_tar *tar)
{
    static int (*const supports[])(struct archive *) = {
        archive_read_support_filter_gzip,
        archive_read_support_filter_zstd,
        archive_read_support_filter_bzip2,
        archive_read_support_filter_lzma,
    };

    for (size_t i = 0; i < ARRAY_LENGTH(supports); i++) {
        if (supports[i](tar->archive) != ARCHIVE_OK)
            return error_create(ERROR_UNSUPPORTED, tar->data.bytes.source.path,
                                "this libarchive (%s) lacks a compression that packages use",
                                archive_version_details());
    }
    return NULL;
}

static struct error *open_archive(struct data_tar *tar, unsigned jobs)
{
    bool has_xz = false;

    tar->archive = archive_read_new();
    if (!tar->archive)
        return error_out_of_memory();
    TRY(is_xz(&tar->data, &has_xz));
    if (tar->blocks)
        archive_read_set_skip_callback(tar->archive, skip);
    else if (has_xz)
        TRY(xz_stream_create(&tar->data.bytes, jobs, &tar->xz));
    else
        TRY(support_filters(tar));
    if (archive_read_support_format_tar(tar->archive) != ARCHIVE_OK ||
        archive_read_set_read_callback(tar->archive, read_block) != ARCHIVE_OK ||
        archive_read_set_callback_data(tar->archive, tar) != ARCHIVE_OK ||
        archive_read_open1(tar->archive) != ARCHIVE_OK)
        return translate(tar);
    return NULL;
}

struct error *data_tar_list_blocks(const struct package_data *data, struct xz_blocks *blocks_ret)
{
    bool has_xz = false;

    *blocks_ret = (struct xz_blocks){0};
    TRY(is_xz(data, &has_xz));
    return has_xz ? xz_blocks_list(&data->bytes, blocks_ret) : NULL;
}

/* BLOCKS, or NULL, is the archive's then, also after a failure. */
static struct error *create(const struct package_data *data, struct xz_block_reader *blocks,
                            unsigned jobs, struct data_tar **ret)
{
    CLEANUP(data_tar_destroy_pointer) struct data_tar *tar = calloc(1, sizeof(*tar));

    if (!tar) {
        xz_block_reader_destroy(blocks);
        return error_out_of_memory();
    }
    tar->data = *data;
    tar->whole = data->bytes;
    tar->blocks = blocks;
    TRY(open_archive(tar, jobs));
    *ret = tar;
    tar = NULL;
    return NULL;
}

struct error *data_tar_create(const struct package_data *data, unsigned jobs, struct data_tar **ret)
{
    return create(data, NULL, jobs, ret);
}

struct error *data_tar_create_of_blocks(const struct package_data *data,
                                        const struct xz_blocks *blocks, unsigned jobs,
                                        struct data_tar **ret)
{
    struct xz_block_reader *reader = NULL;

    TRY(xz_block_reader_create(blocks, jobs, &reader));
    return create(data, reader, jobs, ret);
}

void data_tar_destroy(struct data_tar *tar)
{
    if (!tar)
        return;
    archive_read_free(tar->archive);
    xz_stream_destroy(tar->xz);
    xz_block_reader_destroy(tar->blocks);
    error_destroy(tar->read_error);
    free(tar);
}

void data_tar_destroy_pointer(struct data_tar **tar)
{
    data_tar_destroy(*tar);
}

static struct error *describe(struct data_tar *tar, struct data_tar_member *ret)
{
    const char *path = archive_entry_pathname(tar->entry);
    const char *hard_link = archive_entry_hardlink(tar->entry);
    const char *symbolic_link = archive_entry_symlink(tar->entry);
    la_int64_t size = archive_entry_size(tar->entry);

    if (path && strlen(path) > MAXIMUM_PATH_LENGTH)
        return error_create(ERROR_CORRUPT, tar->data.bytes.source.path,
                            "its %s has a path of %zu bytes, more than the %d allowed",
                            tar->data.name, strlen(path), MAXIMUM_PATH_LENGTH);
    if (size < 0)
        return error_create(ERROR_CORRUPT, tar->data.bytes.source.path,
                            "its %s has a member of negative size", tar->data.name);
    /* A path that cannot be told in this locale's characters is not one that is looked for. */
    *ret = (struct data_tar_member){.kind = DATA_TAR_OTHER, .path = path ? path : ""};
    if (hard_link || symbolic_link) {
        ret->kind = DATA_TAR_LINK;
        ret->link_target = hard_link ? hard_link : symbolic_link;
    } else if (archive_entry_filetype(tar->entry) == AE_IFREG) {
        ret->kind = DATA_TAR_FILE;
        ret->byte_size = (uint64_t)size;
    }
    return NULL;
}

struct error *data_tar_next(struct data_tar *tar, struct data_tar_member *ret, bool *is_end_ret)
{
    int result = archive_read_next_header(tar->archive, &tar->entry);

    tar->piece_end = 0;
    /* What could not be read is not the end, even where libarchive would take it for one. */
    if (tar->read_error ||
        (result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_EOF))
        return translate(tar);
    *is_end_ret = result == ARCHIVE_EOF;
    return *is_end_ret ? NULL : describe(tar, ret);
}

struct error *data_tar_read(struct data_tar *tar, struct data_tar_piece *ret, bool *is_end_ret)
{
    la_int64_t byte_offset = 0;
    int result = archive_read_data_block(tar->archive, &ret->bytes, &ret->length, &byte_offset);

    if (tar->read_error || (result != ARCHIVE_OK && result != ARCHIVE_EOF))
        return translate(tar);
    *is_end_ret = result == ARCHIVE_EOF;
    if (*is_end_ret)
        return NULL;
    if (byte_offset < 0 || (uint64_t)byte_offset < tar->piece_end ||
        ret->length > INT64_MAX - (uint64_t)byte_offset)
        return error_create(ERROR_CORRUPT, tar->data.bytes.source.path,
                            "its %s has a file whose parts overlap: fetch it again",
                            tar->data.name);
    ret->byte_offset = (uint64_t)byte_offset;
    tar->piece_end = ret->byte_offset + ret->length;
    return NULL;
}

struct error *data_tar_check(struct data_tar *tar)
{
    return tar->xz ? xz_stream_check(tar->xz) : NULL;
}

uint64_t data_tar_package_bytes_read(const struct data_tar *tar)
{
    return tar->data.bytes.byte_offset;
}
