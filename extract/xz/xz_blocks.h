/* SPDX-License-Identifier: MIT */
/*
 * .xz data by its blocks, each of which is decoded on its own (The .xz File Format 1.2, section 3):
 * so some bytes are had without those before them. All may be called by several threads at once.
 */
#ifndef KSTRUCT_EXTRACT_XZ_XZ_BLOCKS_H
#define KSTRUCT_EXTRACT_XZ_XZ_BLOCKS_H

#include "extract/byte_range.h"

/* dpkg-deb's have 24 MiB. */
#define XZ_BLOCK_BYTES_MAXIMUM (UINT64_C(64) << 20)

struct xz_block {
    uint64_t file_offset;   /* of its header, in the source */
    uint64_t unpadded_size; /* in the source, without what rounds it up to four bytes */
    uint64_t byte_offset;   /* of its first byte, in the uncompressed data */
    uint64_t byte_size;     /* uncompressed, at most XZ_BLOCK_BYTES_MAXIMUM */
    int check;              /* lzma_check */
};

struct xz_blocks {
    struct byte_source source;
    size_t count;
    struct xz_block *blocks; /* in the data's order, without gaps */
    uint64_t byte_size;      /* uncompressed */
};

/* *BLOCKS_RET has none where the data is not xz, or its blocks cannot be used: there is but one, or
 * one is too large, or liblzma is older than 5.4 and cannot read the index. Free with
 * xz_blocks_deinit(). Fails with ERROR_CORRUPT if the index is damaged. */
struct error *xz_blocks_list(const struct byte_range *data,
                             struct xz_blocks *blocks_ret) MUST_CHECK;
void xz_blocks_deinit(struct xz_blocks *blocks);

/* The number of the block that has the byte at BYTE_OFFSET, which is below blocks->byte_size. */
size_t xz_blocks_find(const struct xz_blocks *blocks, uint64_t byte_offset);

/* Decodes a whole block into BYTES, as xz_block_decoder_run() does. */
struct error *xz_blocks_decode(const struct xz_blocks *blocks, size_t number,
                               uint8_t *bytes) MUST_CHECK;

#endif
