/* SPDX-License-Identifier: MIT */
#include "config/list/list_words.h"

#include <stdbool.h>

static bool at_end(const struct list_words *words)
{
    return words->position == words->length;
}

static char peek(const struct list_words *words)
{
    return words->line[words->position];
}

static bool at_space(const struct list_words *words)
{
    return peek(words) == ' ' || peek(words) == '\t';
}

static unsigned current_column(const struct list_words *words)
{
    return (unsigned)words->position + 1;
}

/* Copies the word up to "=", a space or the end to OUT; returns where it ended there, or NULL with
 * a reason. */
static char *read_key(struct list_words *words, char *out, const char **reason_ret)
{
    while (!at_end(words) && !at_space(words) && peek(words) != '=') {
        if (peek(words) == '"') {
            *reason_ret = "a quote stands outside a value; expected key=\"value\"";
            return NULL;
        }
        *out++ = words->line[words->position++];
    }
    *out = '\0';
    return out;
}

static const char *read_bare_value(struct list_words *words, char *out)
{
    while (!at_end(words) && !at_space(words)) {
        if (peek(words) == '"')
            return "a quote stands inside a value; put quotes around all of it, or write \\\" "
                   "inside such quotes";
        *out++ = words->line[words->position++];
    }
    *out = '\0';
    return NULL;
}

/* Reads a value that begins with a quote. */
static const char *read_quoted_value(struct list_words *words, char *out)
{
    words->position++;
    while (!at_end(words) && peek(words) != '"') {
        if (peek(words) == '\\') {
            words->position++;
            if (!at_end(words) && peek(words) != '"' && peek(words) != '\\')
                return "a backslash stands before neither a quote nor a backslash";
        }
        if (!at_end(words))
            *out++ = words->line[words->position++];
    }
    if (at_end(words))
        return "the quote is not closed";
    words->position++;
    if (!at_end(words) && !at_space(words))
        return "something follows the closing quote without a space";
    *out = '\0';
    return NULL;
}

enum list_words_result list_words_next(struct list_words *words, struct list_word *ret,
                                       const char **reason_ret)
{
    while (!at_end(words) && at_space(words))
        words->position++;
    if (at_end(words) || peek(words) == '#')
        return LIST_WORDS_END;

    ret->column = current_column(words);
    ret->value = NULL;
    char *key_end = read_key(words, ret->text, reason_ret);
    if (!key_end)
        return LIST_WORDS_BAD;
    if (at_end(words) || peek(words) != '=')
        return LIST_WORDS_READ;

    words->position++;
    ret->value = key_end + 1;
    ret->value_column = current_column(words);
    bool is_quoted = !at_end(words) && peek(words) == '"';
    *reason_ret =
        is_quoted ? read_quoted_value(words, key_end + 1) : read_bare_value(words, key_end + 1);
    if (!*reason_ret)
        return LIST_WORDS_READ;
    ret->column = ret->value_column;
    return LIST_WORDS_BAD;
}
