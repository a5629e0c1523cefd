/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_member.h"

#include <stdlib.h>

#include "base/system/file.h"
#include "base/system/parallel.h"
#include "extract/data_tar.h"
#include "extract/vmlinux/vmlinux_probe.h"

/* The file header, the section headers and the like lie in a few blocks, which later parts need
 * too. */
enum { KEPT_AT_ONCE = 2 };

struct vmlinux_member {
    struct decoded_blocks blocks;
    unsigned jobs;
    struct vmlinux_place place;
};

void vmlinux_member_close_pointer(struct vmlinux_member **member)
{
    if (!*member)
        return;
    decoded_blocks_deinit(&(*member)->blocks);
    free(*member);
}

uint64_t vmlinux_member_byte_size(const struct vmlinux_member *member)
{
    return member->place.byte_size;
}

const char *vmlinux_member_path(const struct vmlinux_member *member)
{
    return member->place.path;
}

static bool is_inside(const struct vmlinux_member *member)
{
    const struct vmlinux_place *place = &member->place;
    uint64_t archive_size = member->blocks.blocks.byte_size;

    return place->byte_offset <= archive_size &&
           place->byte_size <= archive_size - place->byte_offset;
}

static struct error *find(struct xz_blocks *blocks, const struct extract_options *options,
                          struct vmlinux_member *member, bool *is_found_ret)
{
    member->jobs = options->jobs > 0 ? options->jobs : 1;
    TRY(decoded_blocks_init(blocks, options->arrival != NULL, &member->blocks));
    TRY(vmlinux_probe(&member->blocks, member->jobs, &member->place, is_found_ret));
    /* Whoever reads it in order says what is wrong with a larger one. */
    *is_found_ret =
        *is_found_ret && is_inside(member) && member->place.byte_size <= options->maximum_bytes;
    return NULL;
}

struct error *vmlinux_member_open(int package_descriptor, const char *package_path,
                                  const struct extract_options *options,
                                  struct vmlinux_member **member_ret)
{
    const struct byte_source source = {package_descriptor, package_path, options->arrival};
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    CLEANUP(xz_blocks_deinit) struct xz_blocks blocks = {0};
    struct package_data data;
    bool is_found;

    *member_ret = NULL;
    if (options->arrival && !options->arrival->has_ranges)
        return NULL;
    TRY(package_find_data(&source, &data));
    TRY(data_tar_list_blocks(&data, &blocks));
    if (blocks.count == 0)
        return NULL;
    member = calloc(1, sizeof(*member));
    if (!member)
        return error_out_of_memory();
    TRY(find(&blocks, options, member, &is_found));
    if (!is_found)
        return NULL;
    *member_ret = member;
    member = NULL;
    return NULL;
}

/* A block that has bytes of some parts of vmlinux. */
struct wanted_block {
    size_t number;
    size_t end; /* of the last of these bytes, in the block */
};

struct copying {
    struct vmlinux_member *member;
    const struct byte_spans *spans;
    int output_descriptor;
    size_t count;
    struct wanted_block *wanted; /* ascending */
};

/* The part of a span of vmlinux that a block has, by its places in the archive; false: none. */
static bool overlap(const struct vmlinux_member *member, size_t number,
                    const struct byte_span *span, uint64_t *start_ret, uint64_t *end_ret)
{
    const struct xz_block *block = &member->blocks.blocks.blocks[number];
    uint64_t block_end = block->byte_offset + block->byte_size;

    *start_ret = member->place.byte_offset + span->byte_offset;
    *end_ret = *start_ret + span->byte_size;
    if (*start_ret < block->byte_offset)
        *start_ret = block->byte_offset;
    if (*end_ret > block_end)
        *end_ret = block_end;
    return *start_ret < *end_ret;
}

static struct error *copy_overlap(const struct copying *copying, size_t number,
                                  const struct byte_span *span)
{
    const struct vmlinux_member *member = copying->member;
    const uint8_t *bytes = member->blocks.decoded[number].bytes;
    uint64_t start;
    uint64_t end;

    if (!overlap(member, number, span, &start, &end))
        return NULL;
    return file_write_all_at(copying->output_descriptor,
                             bytes + (start - member->blocks.blocks.blocks[number].byte_offset),
                             (size_t)(end - start), start - member->place.byte_offset,
                             "the extracted vmlinux");
}

static struct error *copy_block(void *context, unsigned worker UNUSED, size_t item)
{
    struct copying *copying = context;
    const struct wanted_block *wanted = &copying->wanted[item];
    struct decoded_blocks *blocks = &copying->member->blocks;
    bool was_decoded = blocks->decoded[wanted->number].bytes != NULL;

    TRY(decoded_blocks_need(blocks, wanted->number, wanted->end));
    for (size_t i = 0; i < copying->spans->count; i++)
        TRY(copy_overlap(copying, wanted->number, &copying->spans->spans[i]));
    if (!was_decoded && copying->count > KEPT_AT_ONCE)
        decoded_blocks_drop(blocks, wanted->number);
    return NULL;
}

/* Lists the blocks that any span needs. */
static void list_blocks(struct copying *copying)
{
    const struct xz_blocks *blocks = &copying->member->blocks.blocks;

    for (size_t number = 0; number < blocks->count; number++) {
        struct wanted_block wanted = {.number = number};
        for (size_t i = 0; i < copying->spans->count; i++) {
            uint64_t start;
            uint64_t end;
            if (overlap(copying->member, number, &copying->spans->spans[i], &start, &end) &&
                end - blocks->blocks[number].byte_offset > wanted.end)
                wanted.end = (size_t)(end - blocks->blocks[number].byte_offset);
        }
        if (wanted.end > 0)
            copying->wanted[copying->count++] = wanted;
    }
}

static struct error *check_spans(const struct vmlinux_member *member,
                                 const struct byte_spans *spans)
{
    for (size_t i = 0; i < spans->count; i++) {
        const struct byte_span *span = &spans->spans[i];
        if (span->byte_offset > member->place.byte_size ||
            span->byte_size > member->place.byte_size - span->byte_offset)
            return error_create(ERROR_INTERNAL, member->blocks.blocks.source.path,
                                "a part of vmlinux lies outside of it");
    }
    return NULL;
}

struct error *vmlinux_member_copy(struct vmlinux_member *member, const struct byte_spans *spans,
                                  int output_descriptor)
{
    struct copying copying = {
        .member = member,
        .spans = spans,
        .output_descriptor = output_descriptor,
        .wanted = calloc(member->blocks.blocks.count, sizeof(*copying.wanted)),
    };
    struct error *error = check_spans(member, spans);

    if (!error && !copying.wanted)
        error = error_out_of_memory();
    if (!error) {
        list_blocks(&copying);
        error = parallel_for(member->jobs, copying.count, copy_block, &copying);
    }
    free(copying.wanted);
    return error;
}
