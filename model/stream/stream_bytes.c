/* SPDX-License-Identifier: MIT */
#include "model/stream/stream_bytes.h"

#include <string.h>

enum { NUMBER_BYTES = 8 };

void stream_append_number(struct buffer *out, uint64_t number)
{
    unsigned char bytes[NUMBER_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    buffer_append(out, bytes, sizeof(bytes));
}

void stream_append_text(struct buffer *out, const char *text)
{
    size_t length = strlen(text);

    stream_append_number(out, length);
    buffer_append(out, text, length);
}

struct error *stream_check(const struct stream_reader *reader)
{
    if (!reader->is_faulty)
        return NULL;
    return error_create(ERROR_CRASHED, reader->where,
                        "the process that reads it handed over what no kstruct writes: it was "
                        "taken over, or is another version; do not trust the file");
}

uint64_t stream_fault(struct stream_reader *reader)
{
    reader->is_faulty = true;
    return 0;
}

uint64_t stream_read_number(struct stream_reader *reader)
{
    uint64_t number = 0;

    if (reader->is_faulty || reader->length - reader->offset < NUMBER_BYTES)
        return stream_fault(reader);
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        number |= (uint64_t)reader->bytes[reader->offset + i] << (8 * i);
    reader->offset += NUMBER_BYTES;
    return number;
}

uint64_t stream_read_number_up_to(struct stream_reader *reader, uint64_t maximum)
{
    uint64_t number = stream_read_number(reader);

    return number <= maximum ? number : stream_fault(reader);
}

uint64_t stream_read_size(struct stream_reader *reader)
{
    return stream_read_number_up_to(reader, INT64_MAX);
}

bool stream_read_flag(struct stream_reader *reader)
{
    return stream_read_number_up_to(reader, 1) != 0;
}

size_t stream_read_count(struct stream_reader *reader, size_t least_numbers)
{
    return (size_t)stream_read_number_up_to(reader, (reader->length - reader->offset) /
                                                        (least_numbers * NUMBER_BYTES));
}

struct error *stream_read_text(struct stream_reader *reader, const char **text_ret)
{
    uint64_t length = stream_read_number(reader);

    *text_ret = "";
    if (length > reader->length - reader->offset ||
        memchr(reader->bytes + reader->offset, '\0', length))
        stream_fault(reader);
    TRY(stream_check(reader));
    *text_ret = arena_copy_text(&reader->layouts->arena,
                                (const char *)reader->bytes + reader->offset, length);
    reader->offset += length;
    return *text_ret ? NULL : error_out_of_memory();
}
