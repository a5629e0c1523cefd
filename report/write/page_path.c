/* SPDX-License-Identifier: MIT */
#include "report/write/page_path.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash/sha256.h"

enum {
    FILE_NAME_MAXIMUM = 255, /* bytes, on every file system that matters */
    ESCAPE_LENGTH = 3,       /* "%XX" */
};

/* Not isalnum() and tolower(): paths do not depend on the locale. */
static char to_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

static bool is_letter_or_digit(char character)
{
    char lower = to_lower(character);

    return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
}

char page_path_letter(const char *name)
{
    while (*name == '_')
        name++;
    return is_letter_or_digit(*name) ? to_lower(*name) : '_';
}

/* May the character of TEXT at INDEX stand there as it is? */
typedef bool is_plain_at(const char *text, size_t index);

/* In the name of a file. */
static bool is_plain_in_name(const char *name, size_t index)
{
    char character = name[index];

    return is_letter_or_digit(character) || character == '_' || character == '-' ||
           (character == '.' && index > 0);
}

/* In a link to a file. */
static bool is_plain_in_link(const char *path, size_t index)
{
    return is_letter_or_digit(path[index]) || strchr("/._-~", path[index]);
}

static inline void append_escaped(struct buffer *out, const char *text, size_t length,
                                  is_plain_at *is_plain)
{
    size_t done = 0;

    while (done < length) {
        size_t end = done;
        while (end < length && is_plain(text, end))
            end++;
        buffer_append(out, text + done, end - done);
        if (end < length)
            buffer_append_format(out, "%%%02X", (unsigned char)text[end++]);
        done = end;
    }
}

/* How much of NAME, from its start, takes at most MAXIMUM bytes when escaped. */
static size_t fitting_length(const char *name, size_t maximum)
{
    size_t escaped_length = 0;
    size_t length = 0;

    while (name[length]) {
        escaped_length += is_plain_in_name(name, length) ? 1 : ESCAPE_LENGTH;
        if (escaped_length > maximum)
            break;
        length++;
    }
    return length;
}

void path_append_hash(struct buffer *path, const char *text, size_t length)
{
    char digits[SHA256_HEX_LENGTH + 1];
    struct error *error = sha256_of_bytes(text, length, digits);

    /* Memory is all that it could lack. */
    if (error)
        buffer_fail(path, ERROR_OUT_OF_MEMORY);
    else
        buffer_append_format(path, "~%.*s", PATH_HASH_LENGTH - 1, digits);
    error_destroy(error);
}

/* As much of NAME as leaves room for BEFORE_LENGTH bytes before it, and SUFFIX. */
static void append_name(struct buffer *path, size_t before_length, const char *name,
                        const char *suffix)
{
    size_t length = strlen(name);
    size_t stem_maximum = FILE_NAME_MAXIMUM - strlen(suffix) - before_length;

    if (length <= stem_maximum / ESCAPE_LENGTH || fitting_length(name, stem_maximum) == length) {
        append_escaped(path, name, length, is_plain_in_name);
    } else {
        append_escaped(path, name, fitting_length(name, stem_maximum - PATH_HASH_LENGTH),
                       is_plain_in_name);
        path_append_hash(path, name, length);
    }
    buffer_append_text(path, suffix);
}

void page_path_append_name(struct buffer *path, const char *name, const char *suffix)
{
    append_name(path, 0, name, suffix);
}

void page_path_append(struct buffer *path, enum definition_kind kind, const char *name,
                      const char *suffix)
{
    const char *word = definition_kind_texts[kind].word;

    buffer_append_char(path, page_path_letter(name));
    buffer_append_char(path, '/');
    /* No name has a `~` in its path. */
    if (kind != DEFINITION_STRUCT)
        buffer_append_format(path, "%s~", word);
    append_name(path, kind != DEFINITION_STRUCT ? strlen(word) + 1 : 0, name, suffix);
}

void page_path_append_link(struct buffer *out, const char *path)
{
    append_escaped(out, path, strlen(path), is_plain_in_link);
}
