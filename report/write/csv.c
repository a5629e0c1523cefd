/* SPDX-License-Identifier: MIT */
#include "report/write/csv.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/utf8.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

static void append_comma(struct buffer *out)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        buffer_append_char(out, ',');
}

static bool is_control(const unsigned char *character)
{
    return character[0] < ' ' || character[0] == 0x7f ||
           (character[0] == 0xc2 && character[1] < 0xa0);
}

/* Appends what stands for the character that TEXT, which is not empty, begins with; returns its
 * length. */
static size_t append_character(struct buffer *out, const unsigned char *text)
{
    size_t length = utf8_character_length(text, strnlen((const char *)text, 4));

    if (length == 0)
        buffer_append_text(out, REPLACEMENT_CHARACTER);
    else if (is_control(text))
        buffer_append_char(out, ' ');
    else if (*text == '"')
        buffer_append_text(out, "\"\"");
    else
        buffer_append(out, text, length);
    return length > 0 ? length : 1;
}

void csv_append_text(struct buffer *out, const char *text)
{
    bool is_formula = text[0] != '\0' && strchr("=+-@", text[0]);
    bool is_quoted = text[0] == '\0' || is_formula || text[strcspn(text, "\",\r\n")] != '\0';

    append_comma(out);
    if (is_quoted)
        buffer_append_char(out, '"');
    if (is_formula)
        buffer_append_char(out, '\'');
    while (*text)
        text += append_character(out, (const unsigned char *)text);
    if (is_quoted)
        buffer_append_char(out, '"');
}

void csv_append_number(struct buffer *out, uint64_t number)
{
    append_comma(out);
    buffer_append_format(out, "%" PRIu64, number);
}

void csv_append_signed(struct buffer *out, int64_t number)
{
    append_comma(out);
    buffer_append_format(out, "%" PRId64, number);
}

void csv_end_line(struct buffer *out)
{
    buffer_append_char(out, '\n');
}
