/* SPDX-License-Identifier: MIT */
/* Symbols in a kernel's stream. */
#ifndef KSTRUCT_MODEL_STREAM_SYMBOL_STREAM_H
#define KSTRUCT_MODEL_STREAM_SYMBOL_STREAM_H

#include "model/stream/stream_bytes.h"

void stream_append_symbols(struct buffer *out, const struct kernel_symbols *symbols);

/* Reads what that wrote into reader->layouts. */
struct error *stream_read_symbols(struct stream_reader *reader) MUST_CHECK;

#endif
