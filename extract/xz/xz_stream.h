/* SPDX-License-Identifier: MIT */
/*
 * Decompresses .xz data, several independent blocks of it at a time.
 *
 * Blocks are decoded in parallel with liblzma 5.4 or newer, and only where the writer cut the data
 * into blocks and noted their sizes, as xz -T and dpkg-deb do. Data of one block, of several
 * streams or without noted sizes is decoded all the same, in one thread. (liblzma before 5.8.1
 * should carry the fix of CVE-2025-31115, as distributions' versions do.)
 *
 * Memory: one thread needs little more than the dictionary, 10 MiB for what dpkg-deb writes. Each
 * of several needs its block as well, compressed and uncompressed: 60 MiB for dpkg-deb's blocks of
 * 24 MiB. Where XZ_STREAM_BYTES_PER_JOB a thread is not enough, fewer threads run; what one thread
 * cannot decode within XZ_STREAM_MAXIMUM_BYTES is refused. More threads than processors only read
 * ahead in vain.
 *
 * One stream is used by one thread at a time.
 */
#ifndef KSTRUCT_EXTRACT_XZ_XZ_STREAM_H
#define KSTRUCT_EXTRACT_XZ_XZ_STREAM_H

#include "extract/byte_range.h"

#define XZ_STREAM_BYTES_PER_JOB (UINT64_C(128) << 20)
#define XZ_STREAM_MAXIMUM_BYTES (UINT64_C(1) << 30)
#define XZ_STREAM_CHECK_BYTES (UINT64_C(64) << 20)

struct xz_stream;

/* Reads from INPUT, which must outlive the stream. JOBS: threads, at least 1. */
struct error *xz_stream_create(struct byte_range *input, unsigned jobs,
                               struct xz_stream **ret) MUST_CHECK;

/* NULL-safe; may be called before the data's end. */
void xz_stream_destroy(struct xz_stream *stream);

/* The next uncompressed bytes, valid until the next call; *length_ret is 0 at the end, and only
 * there. Bytes may be handed out before the check value of their block has been reached.
 * ERROR_CORRUPT: damaged or cut short; ERROR_LIMIT: too much memory needed. */
struct error *xz_stream_read(struct xz_stream *stream, const void **bytes_ret,
                             size_t *length_ret) MUST_CHECK;

/* Proves the bytes handed out so far: reads on to the end of their block, where its check value is.
 * The index at the data's end must be sound too. Nothing is proven if the block goes on for more
 * than XZ_STREAM_CHECK_BYTES, as one block of everything does, or with liblzma before 5.4. */
struct error *xz_stream_check(struct xz_stream *stream) MUST_CHECK;

#endif
