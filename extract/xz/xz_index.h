/* SPDX-License-Identifier: MIT */
/* The index at the end of .xz data: where its blocks begin and end. */
#ifndef KSTRUCT_EXTRACT_XZ_XZ_INDEX_H
#define KSTRUCT_EXTRACT_XZ_XZ_INDEX_H

#include <lzma.h>

#include "extract/byte_range.h"

/* Unknown: this liblzma, older than 5.4, cannot read the index, or there are hundreds of streams,
 * each with its own. */
#define XZ_INDEX_UNKNOWN UINT64_MAX

/* The whole index; free with xz_index_free_pointer(). *INDEX_RET is NULL where it is unknown, as
 * above. DATA is the whole .xz data. ERROR_CORRUPT if the index is damaged. */
struct error *xz_index_read(const struct byte_range *data, lzma_index **index_ret) MUST_CHECK;

void xz_index_free_pointer(lzma_index **index);

/* Where the block ends that holds the byte at UNCOMPRESSED_OFFSET, both counted in uncompressed
 * bytes from the beginning. ERROR_CORRUPT also if the index knows of no such byte. */
struct error *xz_index_block_end(const struct byte_range *data, uint64_t uncompressed_offset,
                                 uint64_t *ret) MUST_CHECK;

#endif
