/* SPDX-License-Identifier: MIT */
/*
 * Debian's control files: stanzas of fields, separated by blank lines; deb822(5). A field is
 * `Key: value`, with further lines that begin with a blank. Nothing is copied: what is found points
 * into the text.
 */
#ifndef KSTRUCT_BASE_TEXT_CONTROL_STANZA_H
#define KSTRUCT_BASE_TEXT_CONTROL_STANZA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Some bytes of a text, with no NUL after them. */
struct control_text {
    const char *bytes;
    size_t length;
};

/* Takes the next stanza off REST; false at the end. The last one may lack its blank line and its
 * line's end. */
bool control_next_stanza(struct control_text *rest, struct control_text *stanza_ret);

/* The value of the first field NAME, in whatever case, with its further lines and without the
 * blanks around it; false if there is none. */
bool control_find_field(const struct control_text *stanza, const char *name,
                        struct control_text *value_ret);

/* Takes the next line, or the next word of any line, off REST, without the blanks around it; false
 * at the end. */
bool control_next_line(struct control_text *rest, struct control_text *line_ret);
bool control_next_word(struct control_text *rest, struct control_text *word_ret);

bool control_text_equals(const struct control_text *text, const char *other);

/* Decimal digits and nothing else; false for anything else, and if it is too large. */
bool control_text_number(const struct control_text *text, uint64_t *ret);

#endif
