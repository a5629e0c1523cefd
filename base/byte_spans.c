/* SPDX-License-Identifier: MIT */
#include "base/byte_spans.h"

#include <stdlib.h>

struct error *byte_spans_add(struct byte_spans *spans, uint64_t byte_offset, uint64_t byte_size,
                             uint64_t end)
{
    if (byte_offset >= end || byte_size == 0)
        return NULL;
    struct byte_span *grown = reallocarray(spans->spans, spans->count + 1, sizeof(*grown));
    if (!grown)
        return error_out_of_memory();
    spans->spans = grown;
    grown[spans->count++] = (struct byte_span){
        byte_offset, byte_size < end - byte_offset ? byte_size : end - byte_offset};
    return NULL;
}

static int compare_offsets(const void *left, const void *right)
{
    const struct byte_span *a = left;
    const struct byte_span *b = right;

    return a->byte_offset < b->byte_offset ? -1 : a->byte_offset > b->byte_offset;
}

void byte_spans_merge(struct byte_spans *spans)
{
    size_t kept = 0;

    if (spans->count > 1)
        qsort(spans->spans, spans->count, sizeof(*spans->spans), compare_offsets);
    for (size_t i = 1; i < spans->count; i++) {
        struct byte_span *last = &spans->spans[kept];
        const struct byte_span *next = &spans->spans[i];
        if (next->byte_offset > last->byte_offset + last->byte_size) {
            spans->spans[++kept] = *next;
            continue;
        }
        uint64_t end = next->byte_offset + next->byte_size;
        if (end > last->byte_offset + last->byte_size)
            last->byte_size = end - last->byte_offset;
    }
    if (spans->count > 0)
        spans->count = kept + 1;
}

void byte_spans_deinit(struct byte_spans *spans)
{
    free(spans->spans);
    *spans = (struct byte_spans){0};
}
