/* SPDX-License-Identifier: MIT */
/* The words of one line of the list: `word`, `key=value` or `key="value with spaces"`. */
#ifndef KSTRUCT_CONFIG_LIST_LIST_WORDS_H
#define KSTRUCT_CONFIG_LIST_LIST_WORDS_H

#include <stddef.h>

#include "base/text/text_lines.h"

/* What is left of a line that text_line_find_fault() found nothing wrong with. */
struct list_words {
    const char *line;
    size_t length;
    size_t position; /* bytes */
};

struct list_word {
    char text[CONFIG_LINE_MAXIMUM + 1]; /* the key, or the word if it has no "=" */
    const char *value;                  /* in TEXT, quotes and escapes undone; NULL without "=" */
    unsigned column;                    /* of the word, from 1, in bytes */
    unsigned value_column;              /* of the value or the quote before it */
};

enum list_words_result {
    LIST_WORDS_READ,
    LIST_WORDS_END, /* no more words, or a `#` begins a comment */
    LIST_WORDS_BAD, /* the rest of the line cannot be read */
};

/* Reads the next word into RET, which must stay where it is. When BAD, *reason_ret (static) says
 * why and ret->column where. */
enum list_words_result list_words_next(struct list_words *words, struct list_word *ret,
                                       const char **reason_ret);

#endif
