/* SPDX-License-Identifier: MIT */
/* How much room text takes on a terminal, and how to cut it so that it fits. */
#ifndef KSTRUCT_CLI_TERMINAL_DISPLAY_TEXT_H
#define KSTRUCT_CLI_TERMINAL_DISPLAY_TEXT_H

#include <stddef.h>

#include "base/buffer.h"

/* The columns that UTF-8 text takes: two for a wide character, none for one that is put over the
 * one before it. What is no UTF-8, and what is not printable, counts as the one that
 * display_append() puts in its place. */
size_t display_columns(const char *text);

/* Appends the beginning of TEXT that takes no more than COLUMNS, with a question mark for each byte
 * that is no UTF-8 and each character that is not printable. Returns the columns that it takes. */
size_t display_append(struct buffer *buffer, const char *text, size_t columns);

/* The same, and then spaces up to COLUMNS. */
void display_append_padded(struct buffer *buffer, const char *text, size_t columns);

#endif
