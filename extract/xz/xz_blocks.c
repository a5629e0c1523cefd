/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_blocks.h"

#include <lzma.h>
#include <stdlib.h>

#include "extract/xz/xz_block_decoder.h"
#include "extract/xz/xz_index.h"

static void add(struct xz_blocks *blocks, const struct byte_range *data,
                const lzma_index_iter *iterator)
{
    blocks->blocks[blocks->count++] = (struct xz_block){
        .file_offset = data->byte_offset + iterator->block.compressed_file_offset,
        .unpadded_size = iterator->block.unpadded_size,
        .byte_offset = iterator->block.uncompressed_file_offset,
        .byte_size = iterator->block.uncompressed_size,
        .check = (int)iterator->stream.flags->check,
    };
    blocks->byte_size += iterator->block.uncompressed_size;
}

struct error *xz_blocks_list(const struct byte_range *data, struct xz_blocks *blocks_ret)
{
    CLEANUP(xz_index_free_pointer) lzma_index *index = NULL;
    CLEANUP(xz_blocks_deinit) struct xz_blocks blocks = {.source = data->source};
    lzma_index_iter iterator;

    *blocks_ret = (struct xz_blocks){0};
    TRY(xz_index_read(data, &index));
    if (!index || lzma_index_block_count(index) < 2)
        return NULL;
    blocks.blocks = calloc(lzma_index_block_count(index), sizeof(*blocks.blocks));
    if (!blocks.blocks)
        return error_out_of_memory();
    lzma_index_iter_init(&iterator, index);
    while (!lzma_index_iter_next(&iterator, LZMA_INDEX_ITER_NONEMPTY_BLOCK)) {
        if (iterator.block.uncompressed_size > XZ_BLOCK_BYTES_MAXIMUM ||
            iterator.block.unpadded_size > 2 * XZ_BLOCK_BYTES_MAXIMUM)
            return NULL;
        add(&blocks, data, &iterator);
    }
    if (blocks.count < 2)
        return NULL;
    *blocks_ret = blocks;
    blocks = (struct xz_blocks){0};
    return NULL;
}

void xz_blocks_deinit(struct xz_blocks *blocks)
{
    free(blocks->blocks);
    *blocks = (struct xz_blocks){0};
}

size_t xz_blocks_find(const struct xz_blocks *blocks, uint64_t byte_offset)
{
    size_t low = 0;
    size_t high = blocks->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (blocks->blocks[middle].byte_offset <= byte_offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct error *xz_blocks_decode(const struct xz_blocks *blocks, size_t number, uint8_t *bytes)
{
    CLEANUP(xz_block_decoder_destroy_pointer) struct xz_block_decoder *decoder = NULL;

    TRY(xz_block_decoder_create(blocks, number, &decoder));
    return xz_block_decoder_run(decoder, blocks->blocks[number].byte_size, bytes);
}
