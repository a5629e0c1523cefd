/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_member.h"

#include <stdlib.h>

#include "base/system/file.h"
#include "base/system/parallel.h"
#include "extract/vmlinux/vmlinux_probe.h"
#include "extract/vmlinux/vmlinux_search.h"
#include "extract/xz/xz_blocks.h"

/* The file header, the section headers and the like lie in a few blocks, which later parts need
 * too. */
enum { KEPT_AT_ONCE = 2 };

/* Where the headers up to vmlinux's lie in more blocks than that, it is looked for from the other
 * end. */
enum { HEADER_BLOCKS_MAXIMUM = 2 };

struct vmlinux_member {
    struct xz_blocks blocks;
    uint8_t **kept; /* by block: decoded, or NULL */
    unsigned jobs;
    uint64_t byte_offset; /* in the uncompressed data */
    uint64_t byte_size;
};

void vmlinux_member_close_pointer(struct vmlinux_member **member)
{
    if (!*member)
        return;
    for (size_t i = 0; (*member)->kept && i < (*member)->blocks.count; i++)
        free((*member)->kept[i]);
    free((*member)->kept);
    xz_blocks_deinit(&(*member)->blocks);
    free(*member);
}

uint64_t vmlinux_member_byte_size(const struct vmlinux_member *member)
{
    return member->byte_size;
}

static bool is_inside(const struct vmlinux_member *member)
{
    return member->byte_offset <= member->blocks.byte_size &&
           member->byte_size <= member->blocks.byte_size - member->byte_offset;
}

/* Looks for vmlinux in order, if that takes few blocks. *GAVE_UP_RET: it takes more. */
static struct error *search_in_order(struct vmlinux_member *member, const struct package_data *data,
                                     uint64_t maximum_bytes, bool *is_found_ret, bool *gave_up_ret)
{
    CLEANUP(data_tar_destroy_pointer) struct data_tar *tar = NULL;
    CLEANUP(free_pointer) char *release = NULL;
    struct data_tar_member found;
    size_t number;

    *is_found_ret = false;
    TRY(data_tar_create_of_blocks(data, &member->blocks, 1, HEADER_BLOCKS_MAXIMUM, &tar));
    struct error *error = vmlinux_search(data, tar, maximum_bytes, &found, &release);
    *gave_up_ret = error && data_tar_gave_up(tar);
    if (*gave_up_ret) {
        error_destroy(error);
        return NULL;
    }
    TRY(error);
    member->byte_size = found.byte_size;
    *is_found_ret = data_tar_position(tar, &member->byte_offset) && is_inside(member);
    if (*is_found_ret) {
        uint8_t *bytes = data_tar_take_block(tar, &number);
        member->kept[number] = bytes;
    }
    return NULL;
}

static struct error *search(struct vmlinux_member *member, const struct package_data *data,
                            uint64_t maximum_bytes, bool *is_found_ret)
{
    struct vmlinux_place place;
    bool gave_up;

    TRY(search_in_order(member, data, maximum_bytes, is_found_ret, &gave_up));
    if (!gave_up)
        return NULL;
    TRY(vmlinux_probe(&member->blocks, member->jobs, member->kept, &place, is_found_ret));
    if (!*is_found_ret)
        return NULL;
    member->byte_offset = place.byte_offset;
    member->byte_size = place.byte_size;
    /* Whoever reads it in order says what is wrong with a larger one. */
    *is_found_ret = is_inside(member) && member->byte_size <= maximum_bytes;
    return NULL;
}

struct error *vmlinux_member_open(int package_descriptor, const char *package_path,
                                  const struct extract_options *options,
                                  struct vmlinux_member **member_ret)
{
    const struct byte_source source = {package_descriptor, package_path, options->arrival};
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    struct package_data data;
    bool is_found;

    *member_ret = NULL;
    if (options->arrival)
        return NULL;
    TRY(package_find_data(&source, &data));
    member = calloc(1, sizeof(*member));
    if (!member)
        return error_out_of_memory();
    TRY(data_tar_list_blocks(&data, &member->blocks));
    if (member->blocks.count == 0)
        return NULL;
    member->jobs = options->jobs > 0 ? options->jobs : 1;
    member->kept = calloc(member->blocks.count, sizeof(*member->kept));
    if (!member->kept)
        return error_out_of_memory();
    TRY(search(member, &data, options->maximum_bytes, &is_found));
    if (!is_found)
        return NULL;
    *member_ret = member;
    member = NULL;
    return NULL;
}

/* Blocks to be decoded for some parts of vmlinux. */
struct copying {
    struct vmlinux_member *member;
    const struct byte_spans *spans;
    int output_descriptor;
    size_t count;
    size_t *numbers; /* of the blocks, ascending */
};

/* Writes what BLOCK, whose bytes are at BYTES, has of the span. */
static struct error *copy_overlap(const struct copying *copying, const struct xz_block *block,
                                  const uint8_t *bytes, const struct byte_span *span)
{
    uint64_t member_start = copying->member->byte_offset;
    uint64_t start = member_start + span->byte_offset;
    uint64_t end = start + span->byte_size;
    uint64_t block_end = block->byte_offset + block->byte_size;

    if (start < block->byte_offset)
        start = block->byte_offset;
    if (end > block_end)
        end = block_end;
    if (start >= end)
        return NULL;
    return file_write_all_at(copying->output_descriptor, bytes + (start - block->byte_offset),
                             (size_t)(end - start), start - member_start, "the extracted vmlinux");
}

static struct error *decode_and_copy(const struct copying *copying, size_t number, uint8_t *bytes)
{
    const struct xz_blocks *blocks = &copying->member->blocks;
    uint8_t **kept = &copying->member->kept[number];

    if (!*kept)
        TRY(xz_blocks_decode(blocks, number, bytes));
    for (size_t i = 0; i < copying->spans->count; i++)
        TRY(copy_overlap(copying, &blocks->blocks[number], *kept ? *kept : bytes,
                         &copying->spans->spans[i]));
    return NULL;
}

static struct error *copy_block(void *context, unsigned worker UNUSED, size_t item)
{
    struct copying *copying = context;
    size_t number = copying->numbers[item];
    uint8_t **kept = &copying->member->kept[number];
    uint8_t *bytes = *kept ? NULL : malloc(copying->member->blocks.blocks[number].byte_size);

    if (!*kept && !bytes)
        return error_out_of_memory();
    struct error *error = decode_and_copy(copying, number, bytes);
    if (!error && !*kept && copying->count <= KEPT_AT_ONCE)
        *kept = bytes;
    else
        free(bytes);
    return error;
}

/* Lists the blocks that any span needs. */
static void list_blocks(struct copying *copying)
{
    const struct vmlinux_member *member = copying->member;
    const struct xz_blocks *blocks = &member->blocks;

    for (size_t number = 0; number < blocks->count; number++) {
        uint64_t start = blocks->blocks[number].byte_offset;
        uint64_t end = start + blocks->blocks[number].byte_size;
        for (size_t i = 0; i < copying->spans->count; i++) {
            const struct byte_span *span = &copying->spans->spans[i];
            uint64_t span_start = member->byte_offset + span->byte_offset;
            if (span_start >= end || span_start + span->byte_size <= start)
                continue;
            copying->numbers[copying->count++] = number;
            break;
        }
    }
}

static struct error *check_spans(const struct vmlinux_member *member,
                                 const struct byte_spans *spans)
{
    for (size_t i = 0; i < spans->count; i++) {
        if (spans->spans[i].byte_offset > member->byte_size ||
            spans->spans[i].byte_size > member->byte_size - spans->spans[i].byte_offset)
            return error_create(ERROR_INTERNAL, member->blocks.source.path,
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
        .numbers = calloc(member->blocks.count, sizeof(*copying.numbers)),
    };
    struct error *error = check_spans(member, spans);

    if (!error && !copying.numbers)
        error = error_out_of_memory();
    if (!error) {
        list_blocks(&copying);
        error = parallel_for(member->jobs, copying.count, copy_block, &copying);
    }
    free(copying.numbers);
    return error;
}
