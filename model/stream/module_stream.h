/* SPDX-License-Identifier: MIT */
/* Modules in a kernel's stream: the distinct layouts of all, then each module with what it has of
 * them. */
#ifndef KSTRUCT_MODEL_STREAM_MODULE_STREAM_H
#define KSTRUCT_MODEL_STREAM_MODULE_STREAM_H

#include "model/stream/stream_bytes.h"

/* Layouts of modules must have digests. */
void stream_append_modules(struct buffer *out, const struct kernel_layouts *layouts);

/* Reads what that wrote into reader->layouts. */
struct error *stream_read_modules(struct stream_reader *reader) MUST_CHECK;

#endif
