/* SPDX-License-Identifier: MIT */
/*
 * What was read of one kernel as bytes, to be handed from the process that reads foreign files to
 * the one that keeps them.
 *
 * It is no format for files: both sides are the same program.
 */
#ifndef KSTRUCT_MODEL_STREAM_KERNEL_STREAM_H
#define KSTRUCT_MODEL_STREAM_KERNEL_STREAM_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/kernel_layouts.h"

/* A kernel of today takes some 4 MB, with its modules some 40. What reading a stream allocates is
 * at most a few times this.
 */
enum { KERNEL_STREAM_BYTES_MAXIMUM = 128 * 1024 * 1024 };

/* Appends LAYOUTS to OUT, whose own check tells whether it fitted. */
void kernel_stream_append(const struct kernel_layouts *layouts, struct buffer *out);

/* Reads what kernel_stream_append() wrote, as foreign bytes: whoever wrote them may have been taken
 * over. Digests are computed anew. WHERE names the kernel's file in errors: ERROR_CRASHED for bytes
 * that no kstruct writes, ERROR_LIMIT for more than a kernel has. To be freed with
 * kernel_layouts_deinit(). */
struct error *kernel_stream_read(const void *bytes, size_t length, const char *where,
                                 struct kernel_layouts *layouts_ret) MUST_CHECK;

#endif
