/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_blocks.h"

#include <lzma.h>
#include <stdlib.h>

#include "extract/xz/lzma_error.h"
#include "extract/xz/xz_index.h"
#include "extract/xz/xz_stream.h"

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

static struct error *damaged(const struct xz_blocks *blocks, const struct xz_block *block,
                             lzma_ret result)
{
    return lzma_error_translate(result, NULL, blocks->source.path, block->file_offset);
}

/* Decodes the block whose IN_SIZE bytes in the file are at IN, with FILTERS as room for its header.
 */
static struct error *decode(const struct xz_blocks *blocks, const struct xz_block *block,
                            const uint8_t *in, size_t in_size, lzma_filter *filters, uint8_t *out)
{
    lzma_block header = {
        .version = 1,
        .check = (lzma_check)block->check,
        .filters = filters,
        .header_size = lzma_block_header_size_decode(in[0]),
    };
    size_t in_position = header.header_size;
    size_t out_position = 0;
    lzma_ret result = LZMA_DATA_ERROR;

    if (in[0] != 0 && header.header_size <= block->unpadded_size)
        result = lzma_block_header_decode(&header, NULL, in);
    if (result == LZMA_OK)
        result = lzma_block_compressed_size(&header, block->unpadded_size);
    if (result != LZMA_OK)
        return damaged(blocks, block, result);
    uint64_t memory_bytes = lzma_raw_decoder_memusage(filters);
    if (memory_bytes > XZ_STREAM_BYTES_PER_JOB)
        return lzma_error_of_memory(blocks->source.path, memory_bytes);
    result = lzma_block_buffer_decode(&header, NULL, in, &in_position, in_size, out, &out_position,
                                      block->byte_size);
    if (result == LZMA_OK && out_position != block->byte_size)
        result = LZMA_DATA_ERROR;
    return damaged(blocks, block, result);
}

static void free_bytes(uint8_t **bytes)
{
    free(*bytes);
}

struct error *xz_blocks_decode(const struct xz_blocks *blocks, size_t number, uint8_t *bytes)
{
    const struct xz_block *block = &blocks->blocks[number];
    size_t padded_size = (block->unpadded_size + 3) & ~UINT64_C(3);
    CLEANUP(free_bytes) uint8_t *in = malloc(padded_size);
    lzma_filter filters[LZMA_FILTERS_MAX + 1] = {{.id = LZMA_VLI_UNKNOWN}};
    size_t length = 0;

    if (!in)
        return error_out_of_memory();
    TRY(bytes_read_at(&blocks->source, block->file_offset, in, padded_size, &length));
    if (length < padded_size)
        return damaged(blocks, block, LZMA_BUF_ERROR);
    struct error *error = decode(blocks, block, in, padded_size, filters, bytes);
    for (size_t i = 0; i < LZMA_FILTERS_MAX && filters[i].id != LZMA_VLI_UNKNOWN; i++)
        free(filters[i].options);
    return error;
}
