/* SPDX-License-Identifier: MIT */
#include "base/text/text_lines.h"

#include <string.h>

#include "base/text/utf8.h"

size_t text_byte_order_mark_length(const char *text, size_t length)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};

    return length >= sizeof(mark) && memcmp(text, mark, sizeof(mark)) == 0 ? sizeof(mark) : 0;
}

void text_lines_init(struct text_lines *lines, const char *text, size_t length)
{
    size_t skipped = text_byte_order_mark_length(text, length);

    *lines = (struct text_lines){.position = text + skipped, .end = text + length};
}

bool text_lines_next(struct text_lines *lines, const char **line_ret, size_t *length_ret)
{
    if (lines->position == lines->end)
        return false;
    const char *line = lines->position;
    size_t left = (size_t)(lines->end - line);
    const char *line_end = memchr(line, '\n', left);
    size_t length = line_end ? (size_t)(line_end - line) : left;

    lines->position = line_end ? line_end + 1 : lines->end;
    lines->number++;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    *line_ret = line;
    *length_ret = length;
    return true;
}

const char *text_line_find_fault(const char *line, size_t length, unsigned *column_ret)
{
    const unsigned char *bytes = (const unsigned char *)line;
    const char *fault = NULL;
    size_t position = 0;

    if (length > CONFIG_LINE_MAXIMUM) {
        *column_ret = CONFIG_LINE_MAXIMUM + 1;
        return "the line is longer than 4096 bytes";
    }
    while (position < length && !fault) {
        unsigned char byte = bytes[position];
        size_t step = utf8_character_length(bytes + position, length - position);
        if (byte == '\0')
            fault = "there is a NUL byte in the line";
        else if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            fault = "there is a control character in the line";
        else if (step == 0)
            fault = "the line is not valid UTF-8";
        else
            position += step;
    }
    if (fault)
        *column_ret = (unsigned)position + 1;
    return fault;
}
