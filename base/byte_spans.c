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

void byte_spans_deinit(struct byte_spans *spans)
{
    free(spans->spans);
    *spans = (struct byte_spans){0};
}
