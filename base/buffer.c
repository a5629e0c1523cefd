/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buffer_init(struct buffer *buffer, size_t maximum)
{
    /* So that doubling a capacity cannot overflow. */
    *buffer = (struct buffer){.maximum = maximum < SIZE_MAX / 2 ? maximum : SIZE_MAX / 2};
}

void buffer_deinit(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->maximum);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->has_failed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void buffer_fail(struct buffer *buffer, enum error_code code)
{
    buffer->has_failed = true;
    buffer->failure = code;
}

void buffer_take_failure(struct buffer *buffer, const struct buffer *other)
{
    if (other->has_failed)
        buffer_fail(buffer, other->failure);
}

void buffer_append_buffer(struct buffer *buffer, const struct buffer *other)
{
    buffer_take_failure(buffer, other);
    buffer_append(buffer, buffer_text(other), other->length);
}

/* Enlarges the memory to NEEDED bytes or more. */
static bool grow(struct buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;

    while (capacity < needed)
        capacity = capacity > buffer->maximum / 2 ? buffer->maximum + 1 : capacity * 2;
    char *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer_fail(buffer, ERROR_OUT_OF_MEMORY);
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

/* Makes room for LENGTH more bytes and a NUL. */
static inline bool reserve(struct buffer *buffer, size_t length)
{
    if (buffer->has_failed)
        return false;
    if (length > buffer->maximum - buffer->length) {
        buffer_fail(buffer, ERROR_LIMIT);
        return false;
    }
    size_t needed = buffer->length + length + 1;
    return needed <= buffer->capacity || grow(buffer, needed);
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (!reserve(buffer, length))
        return;
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_char(struct buffer *buffer, char character)
{
    if (!reserve(buffer, 1))
        return;
    buffer->data[buffer->length++] = character;
    buffer->data[buffer->length] = '\0';
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_list again;
    size_t room = buffer->capacity - buffer->length;

    va_start(arguments, format);
    va_copy(again, arguments);
    /* Mostly there is room, and once is enough. */
    int length =
        vsnprintf(room > 0 ? buffer->data + buffer->length : NULL, room, format, arguments);
    va_end(arguments);
    bool is_written = length >= 0 && (size_t)length < room;
    if (length < 0)
        buffer_fail(buffer, ERROR_OUT_OF_MEMORY);
    else if (reserve(buffer, (size_t)length)) {
        if (!is_written)
            vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    if (buffer->has_failed && buffer->data)
        buffer->data[buffer->length] = '\0';
}

struct error *buffer_check(const struct buffer *buffer, const char *where)
{
    if (!buffer->has_failed)
        return NULL;
    if (buffer->failure == ERROR_OUT_OF_MEMORY)
        return error_out_of_memory();
    return error_create(ERROR_LIMIT, where, "longer than the %zu bytes allowed", buffer->maximum);
}

struct error *buffer_take_text(struct buffer *buffer, const char *where, char **text_ret)
{
    struct error *error = buffer_check(buffer, where);
    char *text = error ? NULL : strdup(buffer_text(buffer));

    if (!error && !text)
        error = error_out_of_memory();
    buffer_deinit(buffer);
    if (!error)
        *text_ret = text;
    return error;
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

struct error *buffer_keep_text(struct buffer *buffer, const char *what, struct arena *arena,
                               const char **text_ret)
{
    TRY(buffer_check(buffer, what));
    *text_ret = arena_copy_text(arena, buffer_text(buffer), buffer->length);
    buffer_clear(buffer);
    return *text_ret ? NULL : error_out_of_memory();
}
