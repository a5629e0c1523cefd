/* SPDX-License-Identifier: MIT */
#include "extract/packed_btf.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"

enum { BLOCK_BYTES = 64 * 1024 };

static const char xz_magic[] = "\3757zXZ";

bool packed_btf_is(int file_descriptor)
{
    char beginning[sizeof(xz_magic)];

    return pread(file_descriptor, beginning, sizeof(beginning), 0) == sizeof(beginning) &&
           memcmp(beginning, xz_magic, sizeof(beginning)) == 0;
}

/* The file as libarchive reads it, from its start on. */
struct packed_source {
    int file_descriptor;
    off_t position;
    char block[BLOCK_BYTES];
};

static la_ssize_t read_block(struct archive *archive UNUSED, void *context, const void **bytes_ret)
{
    struct packed_source *source = context;
    ssize_t length =
        pread(source->file_descriptor, source->block, sizeof(source->block), source->position);

    if (length > 0)
        source->position += length;
    *bytes_ret = source->block;
    return length;
}

static void close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

static struct error *corrupt(struct archive *archive, const char *path)
{
    const char *why = archive_error_string(archive);

    return error_create(ERROR_CORRUPT, path, "it cannot be unpacked: %s", why ? why : "no reason");
}

static struct error *copy_member(struct archive *archive, const char *path, struct buffer *out)
{
    const void *bytes;
    size_t length;
    la_int64_t offset;
    int result;

    while ((result = archive_read_data_block(archive, &bytes, &length, &offset)) == ARCHIVE_OK) {
        buffer_append(out, bytes, length);
        TRY(buffer_check(out, path));
    }
    return result == ARCHIVE_EOF ? NULL : corrupt(archive, path);
}

static struct error *find_member(struct archive *archive, const char *path, struct buffer *out)
{
    struct archive_entry *entry;
    int result;

    while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        if (name && text_has_suffix(name, ".btf") && archive_entry_filetype(entry) == AE_IFREG)
            return copy_member(archive, path, out);
    }
    return result == ARCHIVE_EOF ? error_create(ERROR_NO_VMLINUX, path,
                                                "there is no file in it whose name ends in .btf")
                                 : corrupt(archive, path);
}

struct error *packed_btf_read(int file_descriptor, const char *path, struct buffer *out)
{
    CLEANUP(close_archive) struct archive *archive = archive_read_new();
    struct packed_source source = {.file_descriptor = file_descriptor};

    if (!archive)
        return error_out_of_memory();
    if (archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
        archive_read_support_format_tar(archive) != ARCHIVE_OK)
        return error_create(ERROR_UNSUPPORTED, path, "this libarchive (%s) does not know xz",
                            archive_version_details());
    if (archive_read_open(archive, &source, NULL, read_block, NULL) != ARCHIVE_OK)
        return corrupt(archive, path);
    return find_member(archive, path, out);
}
