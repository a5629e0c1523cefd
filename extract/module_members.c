/* SPDX-License-Identifier: MIT */
#include "extract/module_members.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "extract/data_tar.h"

/* A kernel has some thousand modules, and a file for each source in other packages. */
enum { MEMBERS_MAXIMUM = 1000000, MODULES_MAXIMUM = 50000 };

void module_member_deinit(struct module_member *member)
{
    free(member->bytes);
    *member = (struct module_member){0};
}

static struct error *too_large(const char *what, const char *name)
{
    return error_create(ERROR_LIMIT, name,
                        "this module's file %s more than the %" PRIu64
                        " bytes that any module may have",
                        what, MODULE_BYTES_MAXIMUM);
}

static void close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

static struct error *expand(struct archive *archive, const struct module_member *member,
                            struct buffer *out)
{
    struct archive_entry *entry;
    const void *bytes;
    size_t length;
    la_int64_t offset;
    int result = ARCHIVE_OK;

    if (archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
        archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
        archive_read_support_filter_zstd(archive) != ARCHIVE_OK ||
        archive_read_support_format_raw(archive) != ARCHIVE_OK)
        return error_create(ERROR_UNSUPPORTED, member->name,
                            "this libarchive (%s) lacks a compression that modules use",
                            archive_version_details());
    if (archive_read_open_memory(archive, member->bytes, member->byte_size) == ARCHIVE_OK)
        result = archive_read_next_header(archive, &entry);
    while (result == ARCHIVE_OK && !out->has_failed) {
        result = archive_read_data_block(archive, &bytes, &length, &offset);
        if (result == ARCHIVE_OK)
            buffer_append(out, bytes, length);
    }
    if (out->has_failed && out->failure == ERROR_LIMIT)
        return too_large("expands to", member->name);
    TRY(buffer_check(out, member->name));
    if (result != ARCHIVE_EOF)
        return error_create(ERROR_CORRUPT, member->name,
                            "this module's file cannot be expanded: %s",
                            archive_error_string(archive));
    return NULL;
}

struct error *module_member_expand(struct module_member *member)
{
    CLEANUP(close_archive) struct archive *archive = NULL;
    CLEANUP(buffer_deinit) struct buffer out;

    buffer_init(&out, MODULE_BYTES_MAXIMUM);
    if (!member->is_compressed)
        return NULL;
    archive = archive_read_new();
    if (!archive)
        return error_out_of_memory();
    TRY(expand(archive, member, &out));
    free(member->bytes);
    member->bytes = (uint8_t *)out.data;
    member->byte_size = out.length;
    member->is_compressed = false;
    buffer_init(&out, 0);
    return NULL;
}

/* Holes are zeros. */
static struct error *read_contents(struct data_tar *tar, const char *package_path,
                                   struct module_member *member)
{
    for (;;) {
        struct data_tar_piece piece;
        bool is_end = false;

        TRY(data_tar_read(tar, &piece, &is_end));
        if (is_end)
            return NULL;
        if (piece.byte_offset > member->byte_size ||
            piece.length > member->byte_size - piece.byte_offset)
            return error_create(ERROR_CORRUPT, package_path,
                                "its module %s is longer than declared: fetch it again",
                                member->name);
        if (piece.length > 0)
            memcpy(member->bytes + piece.byte_offset, piece.bytes, piece.length);
    }
}

static struct error *hand_over(struct data_tar *tar, const char *package_path,
                               const struct data_tar_member *found, const struct module_path *path,
                               const struct module_taker *taker)
{
    CLEANUP(module_member_deinit)
    struct module_member member = {.is_compressed = path->is_compressed};

    memcpy(member.name, path->name, sizeof(member.name));
    if (found->byte_size > MODULE_BYTES_MAXIMUM)
        return error_locate(too_large("has", member.name), package_path);
    member.byte_size = (size_t)found->byte_size;
    member.bytes = calloc(member.byte_size + 1, 1);
    if (!member.bytes)
        return error_out_of_memory();
    TRY(read_contents(tar, package_path, &member));
    const struct module_member taken = member;
    member = (struct module_member){0};
    return taker->take(taker->context, taken);
}

static struct error *visit_members(struct data_tar *tar, const char *package_path,
                                   const struct module_taker *taker)
{
    unsigned module_count = 0;

    for (unsigned member_count = 0;; member_count++) {
        struct data_tar_member found;
        struct module_path path;
        bool is_end = false;

        TRY(data_tar_next(tar, &found, &is_end));
        if (is_end)
            return NULL;
        if (member_count == MEMBERS_MAXIMUM)
            return error_create(ERROR_LIMIT, package_path, "has more than %d members",
                                MEMBERS_MAXIMUM);
        if (found.kind != DATA_TAR_FILE || !module_path_match(found.path, &path))
            continue;
        if (module_count++ == MODULES_MAXIMUM)
            return error_create(ERROR_LIMIT, package_path, "has more than %d modules",
                                MODULES_MAXIMUM);
        TRY(hand_over(tar, package_path, &found, &path, taker));
    }
}

struct error *extract_modules(int package_descriptor, const char *package_path,
                              const struct extract_options *options,
                              const struct module_taker *taker)
{
    const struct byte_source source = {package_descriptor, package_path, options->arrival};
    CLEANUP(xz_blocks_deinit) struct xz_blocks blocks = {0};
    CLEANUP(data_tar_destroy_pointer) struct data_tar *tar = NULL;
    unsigned jobs = options->jobs > 0 ? options->jobs : 1;
    struct package_data data;

    TRY(package_find_data(&source, &data));
    TRY(data_tar_list_blocks(&data, &blocks));
    TRY(blocks.count > 0 ? data_tar_create_of_blocks(&data, &blocks, jobs, &tar)
                         : data_tar_create(&data, jobs, &tar));
    return visit_members(tar, package_path, taker);
}
