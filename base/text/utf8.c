/* SPDX-License-Identifier: MIT */
#include "base/text/utf8.h"

#include <string.h>

size_t utf8_decode(const unsigned char *bytes, size_t left, uint32_t *character_ret)
{
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = bytes[0];
    size_t length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    *character_ret = first;
    if (length <= 1)
        return length;
    if (length > left || first >= 0xf8)
        return 0;
    uint32_t value = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *character_ret = value;
    return length;
}

size_t utf8_character_length(const unsigned char *bytes, size_t left)
{
    uint32_t character;

    return utf8_decode(bytes, left, &character);
}

bool utf8_is_printable(uint32_t character)
{
    bool is_control = character < 0x20 || (character >= 0x7f && character < 0xa0);
    bool ends_line_or_turns = (character >= 0x2028 && character <= 0x202e) ||
                              (character >= 0x2066 && character <= 0x2069);

    return !is_control && !ends_line_or_turns;
}

size_t utf8_make_printable(char *text, size_t length)
{
    size_t kept = 0;

    for (size_t read = 0; read < length;) {
        uint32_t character = 0;
        size_t count = utf8_decode((unsigned char *)text + read, length - read, &character);
        if (count > 0 && utf8_is_printable(character)) {
            memmove(text + kept, text + read, count);
            kept += count;
        } else {
            text[kept++] = '?';
        }
        read += count > 0 ? count : 1;
    }
    return kept;
}

void utf8_make_text_printable(char *text)
{
    text[utf8_make_printable(text, strlen(text))] = '\0';
}
