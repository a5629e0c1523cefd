/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include <stdbool.h>
#include <stdint.h>

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

/* The contexts in which a character has a meaning. Underscores are not here: names are full of them
 * and inside a word Markdown leaves them alone. */
static const uint8_t contexts_of[128] = {
    ['<'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['>'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['&'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['`'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['*'] = ESCAPE_HEADING,
    ['['] = ESCAPE_HEADING,
    [']'] = ESCAPE_HEADING,
    ['\\'] = ESCAPE_HEADING,
    ['~'] = ESCAPE_HEADING,
    ['$'] = ESCAPE_HEADING,
};

static bool is_plain(unsigned char byte, enum escape_context context)
{
    return byte >= 0x20 && byte < 0x7f && !(contexts_of[byte] & context);
}

static bool is_between(unsigned char byte, unsigned char first, unsigned char last)
{
    return byte >= first && byte <= last;
}

/* Is the second byte of a sequence one that makes neither an overlong form, a surrogate, a number
 * past U+10FFFF nor a control character (U+0080 to U+009F)? */
static bool is_second_byte(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xc2:
    case 0xe0: return is_between(second, 0xa0, 0xbf);
    case 0xed: return is_between(second, 0x80, 0x9f);
    case 0xf0: return is_between(second, 0x90, 0xbf);
    case 0xf4: return is_between(second, 0x80, 0x8f);
    default: return is_between(second, 0x80, 0xbf);
    }
}

/* The length of the UTF-8 sequence of several bytes that TEXT begins with, or 0. */
static size_t sequence_length(const unsigned char *text)
{
    size_t length = 0;

    if (is_between(text[0], 0xc2, 0xdf))
        length = 2;
    else if (is_between(text[0], 0xe0, 0xef))
        length = 3;
    else if (is_between(text[0], 0xf0, 0xf4))
        length = 4;
    if (length == 0 || !is_second_byte(text[0], text[1]))
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (!is_between(text[i], 0x80, 0xbf))
            return 0;
    }
    return length;
}

/* Appends what stands for the character at TEXT; returns how many bytes that is of TEXT. */
static size_t append_special(struct buffer *out, const unsigned char *text)
{
    size_t length = sequence_length(text);

    if (length > 0) {
        buffer_append(out, text, length);
        return length;
    }
    switch (text[0]) {
    case '<': buffer_append_text(out, "&lt;"); break;
    case '>': buffer_append_text(out, "&gt;"); break;
    case '&': buffer_append_text(out, "&amp;"); break;
    default:
        if (is_plain(text[0], ESCAPE_NOTHING_MORE))
            buffer_append_format(out, "&#%u;", text[0]);
        else
            buffer_append_text(out, REPLACEMENT_CHARACTER);
    }
    return 1;
}

void escape_append(struct buffer *out, enum escape_context context, const char *text)
{
    const unsigned char *rest = (const unsigned char *)text;

    for (;;) {
        const unsigned char *end = rest;
        while (is_plain(*end, context))
            end++;
        buffer_append(out, rest, (size_t)(end - rest));
        if (*end == '\0')
            return;
        rest = end + append_special(out, end);
    }
}
