/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static struct error *usage(const char *text, const char *why)
{
    return error_create(ERROR_USAGE, text, "%s", why);
}

/* "[1][23]" in the LENGTH bytes at TEXT. */
static bool are_indexes(const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        size_t digits = *text == '[' ? strspn(text + 1, "0123456789") : 0;
        if (digits == 0 || text[1 + digits] != ']')
            return false;
        text += digits + 2;
    }
    return text == end;
}

/* The names of a path, each with its indexes. */
static struct error *check_path(const char *text, const char *path)
{
    for (;;) {
        size_t length = strcspn(path, ".");
        size_t name_length = strcspn(path, ".[");
        if (name_length == 0)
            return usage(text, "a name is missing before, between or after the dots");
        if (!are_indexes(path + name_length, length - name_length))
            return usage(text, "an element of an array is written NAME[N], with a decimal N");
        if (path[length] == '\0')
            return NULL;
        path += length + 1;
    }
}

/* TEXT without blanks around it; *LENGTH_RET bytes. */
static const char *strip(const char *text, size_t *length_ret)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && isblank((unsigned char)text[length - 1]))
        length--;
    *length_ret = length;
    return text;
}

struct error *offset_word_parse(const char *text, struct arena *arena, struct offset_word *word_ret)
{
    size_t length;
    const char *start = strip(text, &length);
    char *copy = arena_copy_text(arena, start, length);

    if (!copy)
        return error_out_of_memory();
    if (strstr(copy, "->"))
        return usage(text, "`->` is not followed: an offset is inside one struct; a member's "
                           "member is written with a dot, and what a pointer points to has to be "
                           "asked for by the name of its own struct");
    char *dot = strchr(copy, '.');
    if (dot)
        TRY(check_path(text, dot + 1));
    if (dot)
        *dot = '\0';
    if (copy[0] == '\0')
        return usage(text, "the name of a struct is missing");
    if (strchr(copy, '['))
        return usage(text, "a struct is no array; an element of a member is written "
                           "STRUCT.NAME[N]");
    *word_ret = (struct offset_word){copy, dot ? dot + 1 : ""};
    return NULL;
}
