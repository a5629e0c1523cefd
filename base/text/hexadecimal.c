/* SPDX-License-Identifier: MIT */
#include "base/text/hexadecimal.h"

static const char digits[] = "0123456789abcdef";

void hexadecimal(const uint8_t *bytes, size_t length, char *text_ret)
{
    for (size_t i = 0; i < length; i++) {
        *text_ret++ = digits[bytes[i] >> 4];
        *text_ret++ = digits[bytes[i] & 0xf];
    }
    *text_ret = '\0';
}

void hexadecimal_append(struct buffer *out, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        buffer_append_char(out, digits[bytes[i] >> 4]);
        buffer_append_char(out, digits[bytes[i] & 0xf]);
    }
}
