/* SPDX-License-Identifier: MIT */
/* UTF-8 in text that comes from outside (RFC 3629), and what of it may be shown. */
#ifndef KSTRUCT_BASE_TEXT_UTF8_H
#define KSTRUCT_BASE_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length in bytes of the UTF-8 character at BYTES, of which LEFT (at least 1) are there; 0 if
 * there is none: cut short, longer than it must be, a surrogate, or beyond U+10FFFF. */
size_t utf8_decode(const unsigned char *bytes, size_t left, uint32_t *character_ret);

/* The same, where only the length matters. */
size_t utf8_character_length(const unsigned char *bytes, size_t left);

/*
 * May the character stand in a line of a terminal, a log or a page? Control characters may not
 * (C0, DEL, C1): they steer a terminal. Nor may what ends a line or turns its direction: then the
 * line says something else than it seems to.
 */
bool utf8_is_printable(uint32_t character);

/* Puts a question mark in the place of each character in TEXT that is not printable, and of each
 * byte that is no UTF-8. Returns the new length, which is not greater. */
size_t utf8_make_printable(char *text, size_t length);

/* The same of a text that ends with a NUL. */
void utf8_make_text_printable(char *text);

#endif
