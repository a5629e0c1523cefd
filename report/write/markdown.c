/* SPDX-License-Identifier: MIT */
#include "report/write/markdown.h"

#include <string.h>

#include "base/text/utf8.h"
#include "model/text/escape.h"
#include "report/write/definition_title.h"
#include "report/write/page_path.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

enum { PATH_MAXIMUM = 4096 };

static bool is_letter_or_digit(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

/* Between backticks these, and spaces, mean themselves everywhere. A brace does not: two of them
 * begin a tag of Jekyll's. */
static bool is_literal_in_code(char character)
{
    return is_letter_or_digit(character) ||
           (character != '\0' && strchr("_-.+*&;:()[],/ #=", character));
}

/* Every character that could mean something as a number. */
static void append_encoded(struct buffer *out, const char *text, const char *harmless)
{
    const unsigned char *rest = (const unsigned char *)text;

    for (size_t left = strlen(text); left > 0;) {
        uint32_t character;
        size_t length = utf8_decode(rest, left, &character);
        bool is_harmless = is_letter_or_digit((char)*rest) || strchr(harmless, (char)*rest);
        if (length == 0 || !utf8_is_printable(character))
            buffer_append_text(out, REPLACEMENT_CHARACTER);
        else if (length > 1)
            buffer_append(out, rest, length);
        else if (is_harmless)
            buffer_append_char(out, (char)*rest);
        else
            buffer_append_format(out, "&#%u;", *rest);
        length += length == 0;
        rest += length;
        left -= length;
    }
}

void markdown_append_code(struct buffer *out, const char *text)
{
    size_t length = strlen(text);
    size_t literal = 0;

    while (literal < length && is_literal_in_code(text[literal]))
        literal++;
    if (length > 0 && literal == length && text[0] != ' ' && text[length - 1] != ' ') {
        buffer_append_char(out, '`');
        buffer_append(out, text, length);
        buffer_append_char(out, '`');
    } else if (length > 0) {
        buffer_append_text(out, "<code>");
        append_encoded(out, text, " ");
        buffer_append_text(out, "</code>");
    }
}

void markdown_append_text(struct buffer *out, const char *text)
{
    append_encoded(out, text, " .,;:-/()'?%=+\"@");
}

/* "](../Full/s/sigval.md)" */
static void append_target(struct buffer *out, const char *to_top, const struct page_format *format,
                          enum definition_kind kind, const char *name)
{
    CLEANUP(buffer_deinit) struct buffer path;

    buffer_init(&path, PATH_MAXIMUM);
    page_path_append(&path, kind, name, format->output.suffix);
    buffer_take_failure(out, &path);
    buffer_append_format(out, "](%s%s/", to_top, format->output.folder);
    page_path_append_link(out, buffer_text(&path));
    buffer_append_char(out, ')');
}

void markdown_append_format_link(struct buffer *out, const char *to_top,
                                 const struct page_format *format, enum definition_kind kind,
                                 const char *name)
{
    buffer_append_char(out, '[');
    markdown_append_code(out, name);
    append_target(out, to_top, format, kind, name);
}

void markdown_append_definition_link(struct buffer *out, const char *to_top, unsigned formats,
                                     enum definition_kind kind, const char *name)
{
    const struct page_format *format = page_format_to_link(formats, kind);
    const struct page_format *other = page_format_to_link(formats & REPORT_MARKDOWN, kind);

    definition_title_append_kind(out, kind);
    if (format)
        markdown_append_format_link(out, to_top, format, kind, name);
    else
        markdown_append_code(out, name);
    if (other && other != format) {
        buffer_append_text(out, " ([names");
        append_target(out, to_top, other, kind, name);
        buffer_append_char(out, ')');
    }
}
