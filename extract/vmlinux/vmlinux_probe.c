/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/vmlinux_probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/parallel.h"
#include "extract/vmlinux/tar_header.h"
#include "extract/vmlinux/vmlinux_path.h"

/* Where the headers up to vmlinux's lie in more blocks than that, it is looked for from the other
 * end. */
enum { HEADER_BLOCKS_MAXIMUM = 2 };

/* vmlinux has more blocks than that, if the package has many. */
enum { STRIDE = 5 };

/* More are not decoded at once, as each takes its memory. */
enum { AT_ONCE_MAXIMUM = 4 };

struct probe {
    const struct xz_blocks *blocks;
    struct decoded_blocks *decoded;
    unsigned at_once;
};

/* Blocks to be looked at together, in descending order. */
struct batch {
    const struct probe *probe;
    size_t count;
    size_t numbers[AT_ONCE_MAXIMUM];
};

static struct error *decode_one(void *context, unsigned worker UNUSED, size_t item)
{
    const struct batch *batch = context;

    return decoded_blocks_need_all(batch->probe->decoded, batch->numbers[item]);
}

static struct error *decode(struct batch *batch)
{
    return parallel_for(batch->probe->at_once, batch->count, decode_one, batch);
}

static bool has_bytes_of(const struct xz_block *block, const struct vmlinux_place *place)
{
    return block->byte_offset < place->byte_offset + place->byte_size &&
           place->byte_offset < block->byte_offset + block->byte_size;
}

static void drop_others(const struct probe *probe, const struct vmlinux_place *place)
{
    for (size_t number = 0; number < probe->blocks->count; number++) {
        if (!place || !has_bytes_of(&probe->blocks->blocks[number], place))
            decoded_blocks_drop(probe->decoded, number);
    }
}

/* The archive's place of the last header in a block that is decoded; false if it has none. */
static bool find_last_header(const struct probe *probe, size_t number,
                             struct tar_header *header_ret, uint64_t *place_ret)
{
    const struct xz_block *block = &probe->blocks->blocks[number];
    uint64_t end = (block->byte_offset + block->byte_size) / TAR_BLOCK_BYTES * TAR_BLOCK_BYTES;

    for (uint64_t place = end; place >= block->byte_offset + TAR_BLOCK_BYTES;
         place -= TAR_BLOCK_BYTES) {
        *place_ret = place - TAR_BLOCK_BYTES;
        if (tar_header_parse(probe->decoded->decoded[number].bytes +
                                 (*place_ret - block->byte_offset),
                             header_ret))
            return true;
    }
    return false;
}

static bool has_header(const struct probe *probe, size_t number)
{
    struct tar_header header;
    uint64_t place;

    return find_last_header(probe, number, &header, &place);
}

/* Blocks without a header, which may be of several large files one after the other. The first of
 * these files begins in block FIRST or a later one, before block BARE. */
struct range {
    size_t first;     /* has a header */
    size_t bare;      /* has none */
    size_t last_bare; /* neither */
};

/* Goes from block END towards the first in strides, until a block has no header and one before it
 * has. */
static struct error *find_range(const struct probe *probe, size_t end, struct range *range_ret,
                                bool *is_found_ret)
{
    bool is_bare_found = false;

    *is_found_ret = false;
    while (end > 0) {
        struct batch batch = {.probe = probe};
        while (batch.count < probe->at_once && end > 0) {
            end = end > STRIDE ? end - STRIDE : 0;
            batch.numbers[batch.count++] = end;
        }
        TRY(decode(&batch));
        for (size_t i = 0; i < batch.count; i++) {
            size_t number = batch.numbers[i];
            if (!has_header(probe, number)) {
                range_ret->bare = number;
                if (!is_bare_found)
                    range_ret->last_bare = number;
                is_bare_found = true;
            } else if (is_bare_found) {
                range_ret->first = number;
                *is_found_ret = true;
                return NULL;
            } else {
                decoded_blocks_drop(probe->decoded, number);
            }
        }
    }
    return NULL;
}

/* Narrows it to one block, the last with a header before the large file's bytes. */
static struct error *narrow(const struct probe *probe, struct range *range)
{
    while (range->bare - range->first > 1) {
        struct batch batch = {.probe = probe};
        size_t distance = range->bare - range->first;
        size_t points = distance - 1 < probe->at_once ? distance - 1 : probe->at_once;
        for (size_t i = points; i > 0; i--)
            batch.numbers[batch.count++] = range->first + distance * i / (points + 1);
        TRY(decode(&batch));
        for (size_t i = 0; i < batch.count; i++) {
            if (has_header(probe, batch.numbers[i])) {
                range->first = batch.numbers[i];
                break;
            }
            range->bare = batch.numbers[i];
        }
    }
    return NULL;
}

/* The bytes of the archive's TAR_BLOCK_BYTES at PLACE; NULL if it has none there. */
static struct error *decode_place(const struct probe *probe, uint64_t place,
                                  const uint8_t **bytes_ret)
{
    *bytes_ret = NULL;
    if (probe->blocks->byte_size < TAR_BLOCK_BYTES ||
        place > probe->blocks->byte_size - TAR_BLOCK_BYTES)
        return NULL;
    size_t number = xz_blocks_find(probe->blocks, place);
    const struct xz_block *block = &probe->blocks->blocks[number];
    uint64_t start = place - block->byte_offset;
    if (start + TAR_BLOCK_BYTES > block->byte_size)
        return NULL;
    TRY(decoded_blocks_need(probe->decoded, number, (size_t)start + TAR_BLOCK_BYTES));
    *bytes_ret = probe->decoded->decoded[number].bytes + start;
    return NULL;
}

/* Does a header, or the archive's end, come after the contents? */
static struct error *check_end(const struct probe *probe, uint64_t end, bool *is_right_ret)
{
    struct tar_header header;
    const uint8_t *bytes;

    TRY(decode_place(probe, end, &bytes));
    *is_right_ret = bytes && (tar_header_parse(bytes, &header) || tar_block_is_end(bytes));
    return NULL;
}

static bool is_vmlinux(const struct tar_header *header)
{
    const char *release;
    size_t release_length;

    return header->is_file && header->byte_size > 0 &&
           vmlinux_path_match(header->path, &release, &release_length);
}

/* Takes over where the contents of a member are, whose header is at PLACE. *NEXT_RET is the place
 * of the header after it; false if there can be none. */
static bool step_over(const struct probe *probe, uint64_t place, const struct tar_header *header,
                      struct vmlinux_place *place_ret, uint64_t *next_ret)
{
    uint64_t start = place + TAR_BLOCK_BYTES;
    uint64_t end = start + header->byte_size;

    end += (TAR_BLOCK_BYTES - end % TAR_BLOCK_BYTES) % TAR_BLOCK_BYTES;
    *place_ret = (struct vmlinux_place){.byte_offset = start, .byte_size = header->byte_size};
    memcpy(place_ret->path, header->path, sizeof(place_ret->path));
    *next_ret = end;
    return end > place && end < probe->blocks->byte_size;
}

/* Goes from header to header until one is vmlinux's, as long as a block without headers follows. */
static struct error *follow(const struct probe *probe, const struct range *range,
                            struct vmlinux_place *place_ret, bool *is_found_ret)
{
    struct tar_header header;
    uint64_t place;
    bool has = find_last_header(probe, range->first, &header, &place);

    while (has) {
        const uint8_t *bytes;
        uint64_t next;
        if (!step_over(probe, place, &header, place_ret, &next))
            return NULL;
        if (is_vmlinux(&header))
            return check_end(probe, next, is_found_ret);
        if (xz_blocks_find(probe->blocks, next) > range->last_bare)
            return NULL;
        TRY(decode_place(probe, next, &bytes));
        has = bytes && tar_header_parse(bytes, &header);
        place = next;
    }
    return NULL;
}

/* Goes from header to header from the archive's start on, as far as that takes few blocks. */
static struct error *follow_from_start(const struct probe *probe, struct vmlinux_place *place_ret,
                                       bool *is_found_ret)
{
    size_t last_block = SIZE_MAX;
    unsigned block_count = 0;
    uint64_t next = 0;

    for (;;) {
        struct tar_header header;
        const uint8_t *bytes;
        uint64_t place = next;
        size_t number = xz_blocks_find(probe->blocks, place);
        block_count += number != last_block;
        if (block_count > HEADER_BLOCKS_MAXIMUM)
            return NULL;
        last_block = number;
        TRY(decode_place(probe, place, &bytes));
        if (!bytes || !tar_header_parse(bytes, &header) ||
            !step_over(probe, place, &header, place_ret, &next))
            return NULL;
        if (is_vmlinux(&header))
            return check_end(probe, next, is_found_ret);
    }
}

/* Goes from large file to large file, from the archive's end on. */
static struct error *find_from_end(const struct probe *probe, struct vmlinux_place *place_ret,
                                   bool *is_found_ret)
{
    struct range range = {.first = probe->blocks->count};
    bool is_one_found = true;

    while (!*is_found_ret) {
        TRY(find_range(probe, range.first, &range, &is_one_found));
        if (!is_one_found)
            return NULL;
        TRY(narrow(probe, &range));
        TRY(follow(probe, &range, place_ret, is_found_ret));
        if (!*is_found_ret)
            drop_others(probe, NULL);
    }
    return NULL;
}

struct error *vmlinux_probe(struct decoded_blocks *blocks, unsigned jobs,
                            struct vmlinux_place *place_ret, bool *is_found_ret)
{
    const struct probe probe = {&blocks->blocks, blocks,
                                jobs < AT_ONCE_MAXIMUM ? jobs : AT_ONCE_MAXIMUM};

    *is_found_ret = false;
    TRY(follow_from_start(&probe, place_ret, is_found_ret));
    if (!*is_found_ret) {
        drop_others(&probe, NULL);
        TRY(find_from_end(&probe, place_ret, is_found_ret));
    }
    drop_others(&probe, *is_found_ret ? place_ret : NULL);
    return NULL;
}
