/* SPDX-License-Identifier: MIT */
#include "model/stream/symbol_stream.h"

enum { SYMBOL_NUMBERS = 2 };

void stream_append_symbols(struct buffer *out, const struct kernel_symbols *symbols)
{
    stream_append_text(out, symbols->banner);
    stream_append_number(out, symbols->count);
    for (size_t i = 0; i < symbols->count; i++) {
        stream_append_number(out, symbols->symbols[i].address);
        stream_append_text(out, symbols->symbols[i].name);
    }
}

struct error *stream_read_symbols(struct stream_reader *reader)
{
    struct kernel_symbols *symbols = &reader->layouts->symbols;

    TRY(stream_read_text(reader, &symbols->banner));
    symbols->count = stream_read_count(reader, SYMBOL_NUMBERS);
    TRY(stream_check(reader));
    symbols->symbols =
        arena_allocate(&reader->layouts->arena, symbols->count, sizeof(*symbols->symbols));
    if (!symbols->symbols)
        return error_out_of_memory();
    for (size_t i = 0; i < symbols->count; i++) {
        symbols->symbols[i].address = stream_read_number(reader);
        TRY(stream_read_text(reader, &symbols->symbols[i].name));
    }
    return stream_check(reader);
}
