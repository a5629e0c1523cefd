/* SPDX-License-Identifier: MIT */
#include "model/text/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text/utf8.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

/* Beside enum escape_context: a heading in which underscores could be taken for emphasis. */
enum { ESCAPE_UNDERSCORES = 4 };

/* The contexts in which a character has a meaning. A brace has one wherever another one or a
 * percent sign follows. */
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
    ['_'] = ESCAPE_UNDERSCORES,
};

static bool begins_tag(const unsigned char *text)
{
    return text[0] == '{' && (text[1] == '{' || text[1] == '%');
}

/* CONTEXTS: of enum escape_context, and ESCAPE_UNDERSCORES. */
static bool is_plain(const unsigned char *text, unsigned contexts)
{
    return *text >= 0x20 && *text < 0x7f && !(contexts_of[*text] & contexts) && !begins_tag(text);
}

/* The length of the UTF-8 sequence of several bytes that TEXT, which ends with a NUL, begins with;
 * 0 if there is none, or one that must not be shown. */
static size_t sequence_length(const unsigned char *text)
{
    uint32_t character;
    size_t length = utf8_decode(text, strnlen((const char *)text, 4), &character);

    return length > 1 && utf8_is_printable(character) ? length : 0;
}

/* Appends what stands for the character at TEXT; returns how many bytes that is of TEXT. */
static size_t append_special(struct buffer *out, unsigned contexts, const unsigned char *text)
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
        if (contexts != ESCAPE_NOTHING_MORE && text[0] >= 0x20 && text[0] < 0x7f)
            buffer_append_format(out, "&#%u;", text[0]);
        else
            buffer_append_text(out, REPLACEMENT_CHARACTER);
    }
    return 1;
}

static void append(struct buffer *out, unsigned contexts, const char *text)
{
    const unsigned char *rest = (const unsigned char *)text;

    for (;;) {
        const unsigned char *end = rest;
        while (is_plain(end, contexts))
            end++;
        buffer_append(out, rest, (size_t)(end - rest));
        if (*end == '\0')
            return;
        rest = end + append_special(out, contexts, end);
    }
}

static bool is_identifier(const char *text)
{
    static const char characters[] = "0123456789_"
                                     "abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return text[strspn(text, characters)] == '\0';
}

/* Inside a word Markdown leaves underscores alone; so an identifier is only in danger where it both
 * begins and ends with them, and safe once those it begins with are encoded. */
static void append_heading(struct buffer *out, const char *text)
{
    size_t length = strlen(text);
    size_t leading = strspn(text, "_");
    unsigned contexts = ESCAPE_HEADING;

    if (!is_identifier(text)) {
        contexts |= ESCAPE_UNDERSCORES;
    } else if (leading > 0 && text[length - 1] == '_') {
        for (size_t i = 0; i < leading; i++)
            buffer_append_text(out, "&#95;");
        text += leading;
    }
    append(out, contexts, text);
}

void escape_append(struct buffer *out, enum escape_context context, const char *text)
{
    if (context == ESCAPE_HEADING)
        append_heading(out, text);
    else
        append(out, context, text);
}
