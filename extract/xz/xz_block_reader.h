/* SPDX-License-Identifier: MIT */
/*
 * Reads .xz data whose blocks are known in order, with several threads some blocks ahead, and goes
 * over what is not wanted: blocks that nothing is read of are not decoded. One reader is used by
 * one thread at a time.
 */
#ifndef KSTRUCT_EXTRACT_XZ_XZ_BLOCK_READER_H
#define KSTRUCT_EXTRACT_XZ_XZ_BLOCK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/xz/xz_blocks.h"

struct xz_block_reader;

/* BLOCKS must outlive it. JOBS: threads, at least 1, which is the caller's; there are as many
 * blocks in memory, and one more. */
struct error *xz_block_reader_create(const struct xz_blocks *blocks, unsigned jobs,
                                     struct xz_block_reader **ret) MUST_CHECK;

/* NULL-safe. */
void xz_block_reader_destroy(struct xz_block_reader *reader);

/* The next uncompressed bytes, valid until the next call; *length_ret is 0 at the end, and only
 * there. Each block is compared with its check value before. Fails as xz_blocks_decode(). */
struct error *xz_block_reader_read(struct xz_block_reader *reader, const void **bytes_ret,
                                   size_t *length_ret) MUST_CHECK;

/* Goes over that many bytes, or over those that are left; returns how many. */
uint64_t xz_block_reader_skip(struct xz_block_reader *reader, uint64_t byte_size);

#endif
