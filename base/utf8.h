/* SPDX-License-Identifier: MIT */
/* UTF-8 in text that comes from outside (RFC 3629). */
#ifndef KSTRUCT_BASE_UTF8_H
#define KSTRUCT_BASE_UTF8_H

#include <stddef.h>

/* The length in bytes of the UTF-8 character at BYTES, of which LEFT (at least 1) are there; 0 if
 * there is none: cut short, longer than it must be, a surrogate, or beyond U+10FFFF. */
size_t utf8_character_length(const unsigned char *bytes, size_t left);

#endif
