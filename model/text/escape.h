/* SPDX-License-Identifier: MIT */
/*
 * The one gate for texts that come from outside (names of kernels, structs, fields and types) into
 * a page. C's own identifiers and type texts pass unchanged, but for `__x__` in a heading;
 * characters that are not printable, which could end a line and with it a code fence, and bytes
 * that are no UTF-8 become U+FFFD everywhere.
 *
 * Jekyll looks for `{{` and `{%` everywhere, also in code. The first brace is encoded, or becomes
 * U+FFFD where nothing can be encoded: no C compiler records such a name.
 */
#ifndef KSTRUCT_MODEL_TEXT_ESCAPE_H
#define KSTRUCT_MODEL_TEXT_ESCAPE_H

#include "base/buffer.h"

/* Where a text is put. */
enum escape_context {
    ESCAPE_NOTHING_MORE = 0, /* a fenced code block, a terminal: nothing else has a meaning */
    ESCAPE_HTML = 1,         /* lines of HTML, where Markdown is not looked for */
    ESCAPE_HEADING = 2,      /* a Markdown heading: both HTML and Markdown are looked for */
};

void escape_append(struct buffer *out, enum escape_context context, const char *text);

#endif
