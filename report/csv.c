/* SPDX-License-Identifier: MIT */
#include "report/csv.h"

#include <inttypes.h>
#include <string.h>

static void append_comma(struct buffer *out)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        buffer_append_char(out, ',');
}

static void append_character(struct buffer *out, char character)
{
    if (character == '"')
        buffer_append_text(out, "\"\"");
    else
        buffer_append_char(out, (unsigned char)character < ' ' ? ' ' : character);
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
    for (; *text; text++)
        append_character(out, *text);
    if (is_quoted)
        buffer_append_char(out, '"');
}

void csv_append_number(struct buffer *out, uint64_t number)
{
    append_comma(out);
    buffer_append_format(out, "%" PRIu64, number);
}

void csv_end_line(struct buffer *out)
{
    buffer_append_char(out, '\n');
}
