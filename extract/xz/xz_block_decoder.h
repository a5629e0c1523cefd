/* SPDX-License-Identifier: MIT */
/* Decodes one block of .xz data, as far as is asked for. One decoder is used by one thread. */
#ifndef KSTRUCT_EXTRACT_XZ_XZ_BLOCK_DECODER_H
#define KSTRUCT_EXTRACT_XZ_XZ_BLOCK_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "extract/xz/xz_blocks.h"

struct xz_block_decoder;

/* Of block NUMBER; nothing is read yet. BLOCKS must outlive it. */
struct error *xz_block_decoder_create(const struct xz_blocks *blocks, size_t number,
                                      struct xz_block_decoder **ret) MUST_CHECK;

/* NULL-safe. */
void xz_block_decoder_destroy(struct xz_block_decoder *decoder);
void xz_block_decoder_destroy_pointer(struct xz_block_decoder **decoder);

/* Goes on until the block's first END bytes are at BYTES, the same at each call, which has room for
 * the whole block. Of the file, about as much is read as that takes. Only where END is the block's
 * size is it compared with its check value. ERROR_CORRUPT: damaged; ERROR_LIMIT: needs too much
 * memory. */
struct error *xz_block_decoder_run(struct xz_block_decoder *decoder, size_t end,
                                   uint8_t *bytes) MUST_CHECK;

#endif
