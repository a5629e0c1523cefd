/* SPDX-License-Identifier: MIT */
/* Bytes as lower-case hexadecimal digits. */
#ifndef KSTRUCT_BASE_TEXT_HEXADECIMAL_H
#define KSTRUCT_BASE_TEXT_HEXADECIMAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Writes two digits for each of LENGTH bytes, and a NUL. */
void hexadecimal(const uint8_t *bytes, size_t length, char *text_ret);

/* Appends the digits. */
void hexadecimal_append(struct buffer *out, const uint8_t *bytes, size_t length);

#endif
