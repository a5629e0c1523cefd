/* SPDX-License-Identifier: MIT */
/* Parts of a file, by their places. */
#ifndef KSTRUCT_BASE_BYTE_SPANS_H
#define KSTRUCT_BASE_BYTE_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct byte_span {
    uint64_t byte_offset;
    uint64_t byte_size;
};

/* All 0 is an empty list. */
struct byte_spans {
    size_t count;
    struct byte_span *spans;
};

/* Adds a span, but for what of it lies after END. */
struct error *byte_spans_add(struct byte_spans *spans, uint64_t byte_offset, uint64_t byte_size,
                             uint64_t end) MUST_CHECK;

/* Sorts them by place, and makes one of those that overlap or touch: no byte is in two. */
void byte_spans_merge(struct byte_spans *spans);

void byte_spans_deinit(struct byte_spans *spans);

#endif
