/* SPDX-License-Identifier: MIT */
#include "model/stream/definition_stream.h"

/* The least that a user takes: a text without bytes is one number. */
enum { USER_NUMBERS = 1 };

void stream_append_place(struct buffer *out, const struct kernel_definition *definition)
{
    stream_append_text(out, definition->declaration_file);
    stream_append_number(out, definition->declaration_line);
    stream_append_number(out, definition->user_count);
    for (size_t i = 0; i < definition->user_count; i++)
        stream_append_text(out, definition->users[i]);
}

struct error *stream_read_place(struct stream_reader *reader, struct kernel_definition *definition)
{
    TRY(stream_read_text(reader, &definition->declaration_file));
    definition->declaration_line = (uint32_t)stream_read_number_up_to(reader, UINT32_MAX);
    definition->user_count = stream_read_count(reader, USER_NUMBERS);
    TRY(stream_check(reader));
    definition->users =
        arena_allocate(&reader->layouts->arena, definition->user_count, sizeof(*definition->users));
    if (!definition->users)
        return error_out_of_memory();
    for (size_t i = 0; i < definition->user_count; i++)
        TRY(stream_read_text(reader, &definition->users[i]));
    return NULL;
}

bool stream_has_twin(const struct kernel_definitions *entry, size_t index)
{
    const struct layout *layout = entry->further[index].layout;

    for (size_t i = 0; i < index; i++) {
        if (layouts_are_equal(entry->further[i].layout, layout))
            return true;
    }
    return layouts_are_equal(entry->definition.layout, layout);
}
