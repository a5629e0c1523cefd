/* SPDX-License-Identifier: MIT */
/* The blocks of a package's xz data that have been decoded, each as far as it was needed. */
#ifndef KSTRUCT_EXTRACT_VMLINUX_DECODED_BLOCKS_H
#define KSTRUCT_EXTRACT_VMLINUX_DECODED_BLOCKS_H

#include <stdbool.h>

#include "extract/xz/xz_block_decoder.h"

struct decoded_block {
    uint8_t *bytes; /* NULL: nothing is decoded */
    size_t byte_count;
    struct xz_block_decoder *decoder; /* of the rest; NULL: there is none */
};

struct decoded_blocks {
    struct xz_blocks blocks; /* moved into it */
    struct decoded_block *decoded;
    /* Decode no more than is asked for, and compare no block with its check value but whole ones:
     * what is not read of the file need not be fetched. Else each is decoded whole. */
    bool is_frugal;
};

/* BLOCKS becomes its own, also after a failure; free with decoded_blocks_deinit(). */
struct error *decoded_blocks_init(struct xz_blocks *blocks, bool is_frugal,
                                  struct decoded_blocks *ret) MUST_CHECK;
void decoded_blocks_deinit(struct decoded_blocks *blocks);

/* Has the first END bytes of a block decoded at blocks->decoded[NUMBER].bytes; fails as
 * xz_block_decoder_run(). Several threads may do that with different blocks. */
struct error *decoded_blocks_need(struct decoded_blocks *blocks, size_t number,
                                  size_t end) MUST_CHECK;

/* The same of a block's all bytes. */
struct error *decoded_blocks_need_all(struct decoded_blocks *blocks, size_t number) MUST_CHECK;

void decoded_blocks_drop(struct decoded_blocks *blocks, size_t number);

#endif
