/* SPDX-License-Identifier: MIT */
/*
 * A growable byte buffer that never grows past a maximum.
 *
 * Appending does not return an error: the first failure is kept, later appends do nothing, and
 * buffer_check() tells. So a page of hundreds of appends has one check, at its end.
 */
#ifndef KSTRUCT_BASE_BUFFER_H
#define KSTRUCT_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/error.h"

struct buffer {
    char *data; /* LENGTH bytes and a NUL after them; NULL until the first append */
    size_t length;
    size_t capacity;
    size_t maximum;          /* bytes; LENGTH never exceeds it */
    enum error_code failure; /* ERROR_OUT_OF_MEMORY or ERROR_LIMIT; only if HAS_FAILED */
    bool has_failed;
};

void buffer_init(struct buffer *buffer, size_t maximum);

/* Frees the bytes; the buffer may be initialized again. */
void buffer_deinit(struct buffer *buffer);

/* Empties it, keeps the memory, and forgets a failure. */
void buffer_clear(struct buffer *buffer);

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char character);
void buffer_append_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Counts as an append that failed for that: ERROR_OUT_OF_MEMORY or ERROR_LIMIT. */
void buffer_fail(struct buffer *buffer, enum error_code code);

/* Fails as OTHER has; nothing happens if it has not. */
void buffer_take_failure(struct buffer *buffer, const struct buffer *other);

/* Appends what OTHER has, and takes its failure. */
void buffer_append_buffer(struct buffer *buffer, const struct buffer *other);

/* NULL if every append since the last clear succeeded; WHERE names the buffer's purpose. */
struct error *buffer_check(const struct buffer *buffer, const char *where) MUST_CHECK;

/* Hands the text over, to be freed with free(), and frees the rest; fails as buffer_check() does,
 * and frees all then. */
struct error *buffer_take_text(struct buffer *buffer, const char *where,
                               char **text_ret) MUST_CHECK;

/* The text so far, never NULL. Valid until the next append. */
const char *buffer_text(const struct buffer *buffer);

/* Moves the text, which is called WHAT in errors, to ARENA, and empties the buffer. */
struct error *buffer_keep_text(struct buffer *buffer, const char *what, struct arena *arena,
                               const char **text_ret) MUST_CHECK;

#endif
