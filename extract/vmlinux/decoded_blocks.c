/* SPDX-License-Identifier: MIT */
#include "extract/vmlinux/decoded_blocks.h"

#include <stdlib.h>

struct error *decoded_blocks_init(struct xz_blocks *blocks, bool is_frugal,
                                  struct decoded_blocks *ret)
{
    *ret = (struct decoded_blocks){.blocks = *blocks, .is_frugal = is_frugal};
    *blocks = (struct xz_blocks){0};
    ret->decoded = calloc(ret->blocks.count + 1, sizeof(*ret->decoded));
    return ret->decoded ? NULL : error_out_of_memory();
}

void decoded_blocks_drop(struct decoded_blocks *blocks, size_t number)
{
    struct decoded_block *decoded = &blocks->decoded[number];

    xz_block_decoder_destroy(decoded->decoder);
    free(decoded->bytes);
    *decoded = (struct decoded_block){0};
}

void decoded_blocks_deinit(struct decoded_blocks *blocks)
{
    for (size_t number = 0; blocks->decoded && number < blocks->blocks.count; number++)
        decoded_blocks_drop(blocks, number);
    free(blocks->decoded);
    xz_blocks_deinit(&blocks->blocks);
    *blocks = (struct decoded_blocks){0};
}

static struct error *begin(struct decoded_blocks *blocks, size_t number)
{
    struct decoded_block *decoded = &blocks->decoded[number];

    decoded->bytes = malloc(blocks->blocks.blocks[number].byte_size);
    if (!decoded->bytes)
        return error_out_of_memory();
    return xz_block_decoder_create(&blocks->blocks, number, &decoded->decoder);
}

static struct error *go_on(struct decoded_blocks *blocks, size_t number, size_t end)
{
    struct decoded_block *decoded = &blocks->decoded[number];

    TRY(xz_block_decoder_run(decoded->decoder, end, decoded->bytes));
    decoded->byte_count = end;
    if (end == blocks->blocks.blocks[number].byte_size) {
        xz_block_decoder_destroy(decoded->decoder);
        decoded->decoder = NULL;
    }
    return NULL;
}

struct error *decoded_blocks_need(struct decoded_blocks *blocks, size_t number, size_t end)
{
    struct decoded_block *decoded = &blocks->decoded[number];

    if (!blocks->is_frugal)
        end = blocks->blocks.blocks[number].byte_size;
    if (decoded->bytes && end <= decoded->byte_count)
        return NULL;
    struct error *error = decoded->bytes ? NULL : begin(blocks, number);
    if (!error)
        error = go_on(blocks, number, end);
    if (error)
        decoded_blocks_drop(blocks, number);
    return error;
}

struct error *decoded_blocks_need_all(struct decoded_blocks *blocks, size_t number)
{
    return decoded_blocks_need(blocks, number, blocks->blocks.blocks[number].byte_size);
}
