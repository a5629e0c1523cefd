/* SPDX-License-Identifier: MIT */
/*
 * Types and layouts in a kernel's stream. Types come first, each after those it refers to, which it
 * names by their place.
 */
#ifndef KSTRUCT_MODEL_STREAM_LAYOUT_STREAM_H
#define KSTRUCT_MODEL_STREAM_LAYOUT_STREAM_H

#include "model/stream/stream_bytes.h"

void stream_append_types(struct buffer *out, const struct type_table *types);

/* All of a layout but its kind and name. */
void stream_append_layout(struct buffer *out, const struct layout *layout);

/* The least numbers that a layout takes. */
enum { LAYOUT_NUMBERS = 6 };

/* Reads what those wrote; a layout's digest is computed. Types are reader->layouts'. */
struct error *stream_read_types(struct stream_reader *reader) MUST_CHECK;
struct error *stream_read_layout(struct stream_reader *reader, enum definition_kind kind,
                                 const char *name, const struct layout **layout_ret) MUST_CHECK;

#endif
