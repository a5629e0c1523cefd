/* SPDX-License-Identifier: MIT */
/* The index at the end of .xz data: where its blocks begin and end. */
#ifndef KSTRUCT_EXTRACT_XZ_INDEX_H
#define KSTRUCT_EXTRACT_XZ_INDEX_H

#include "extract/byte_range.h"

/* Unknown: this liblzma, older than 5.4, cannot read the index, or there are hundreds of streams,
 * each with its own. */
#define XZ_INDEX_UNKNOWN UINT64_MAX

/* Where the block ends that holds the byte at UNCOMPRESSED_OFFSET, both counted in uncompressed
 * bytes from the beginning. DATA is the whole .xz data. ERROR_CORRUPT if the index is damaged or
 * knows of no such byte. */
struct error *xz_index_block_end(const struct byte_range *data, uint64_t uncompressed_offset,
                                 uint64_t *ret) MUST_CHECK;

#endif
