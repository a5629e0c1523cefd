/* SPDX-License-Identifier: MIT */
/* Definitions in a kernel's stream, vmlinux's and modules': all but their layouts. */
#ifndef KSTRUCT_MODEL_STREAM_DEFINITION_STREAM_H
#define KSTRUCT_MODEL_STREAM_DEFINITION_STREAM_H

#include "model/stream/stream_bytes.h"

/* Where a definition is declared, and who uses it. */
void stream_append_place(struct buffer *out, const struct kernel_definition *definition);

/* The least numbers that a place takes. */
enum { PLACE_NUMBERS = 3 };

/* Reads what that wrote. */
struct error *stream_read_place(struct stream_reader *reader,
                                struct kernel_definition *definition) MUST_CHECK;

/* Is further definition INDEX one of those before it? They are different by what they are. */
bool stream_has_twin(const struct kernel_definitions *entry, size_t index);

#endif
