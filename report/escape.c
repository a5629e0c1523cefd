/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

/* The contexts in which a character has a meaning. Underscores are not here: names are full of them
 * and inside a word Markdown leaves them alone. */
static const uint8_t contexts_of[128] = {
    ['<'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['>'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['&'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['`'] = ESCAPE_HTML | ESCAPE_HEADING,
    ['{'] = ESCAPE_HTML | ESCAPE_HEADING, /* two begin a tag of Jekyll's */
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

/* The length of the UTF-8 sequence of several bytes that TEXT, which ends with a NUL, begins with;
 * 0 if there is none, or if it is a control character (U+0080 to U+009F). */
static size_t sequence_length(const unsigned char *text)
{
    size_t length = utf8_character_length(text, strnlen((const char *)text, 4));

    if (length == 1 || (text[0] == 0xc2 && text[1] < 0xa0))
        return 0;
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
