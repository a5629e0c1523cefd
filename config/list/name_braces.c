/* SPDX-License-Identifier: MIT */
#include "config/list/name_braces.h"

#include <string.h>

/* No list that somebody reads has more of a line. */
enum { LINES_MAXIMUM = 10000 };

struct expansion {
    const char *line;
    size_t length;
    size_t name_start;
    size_t name_end;
    struct arena *arena;
    struct name_braces *braces;
};

static void set_fault(struct expansion *expansion, const char *place, const char *fault)
{
    expansion->braces->fault = fault;
    expansion->braces->fault_column = (size_t)(place - expansion->line) + 1;
}

static const char *find(const char *start, const char *end, char character)
{
    return start < end ? memchr(start, character, (size_t)(end - start)) : NULL;
}

/* Each brace is closed, none is in another one, and something is between them. */
static bool is_well_formed(struct expansion *expansion)
{
    const char *end = expansion->line + expansion->name_end;
    const char *open = NULL;

    for (const char *c = expansion->line + expansion->name_start; c < end; c++) {
        if (*c == '{' && open)
            set_fault(expansion, c, "a brace in braces: one after the other is understood");
        else if (*c == '}' && !open)
            set_fault(expansion, c, "a brace is closed that was not opened");
        else if ((*c == ',' || *c == '}') && open && (c[-1] == '{' || c[-1] == ','))
            set_fault(expansion, c, "there is nothing between braces or commas here");
        else if (open && c[0] == '.' && c[1] == '.')
            set_fault(expansion, c, "`..` is no range here: write each word, with commas between");
        if (expansion->braces->fault)
            return false;
        if (*c == '{')
            open = c;
        else if (*c == '}')
            open = NULL;
    }
    if (open)
        set_fault(expansion, open, "the brace is not closed");
    return !open;
}

/* The line with its name replaced by BEFORE, WORD and what is after the brace at CLOSE. */
static struct error *make_line(const struct expansion *expansion, const char *line,
                               const char *open, const char *word, size_t word_length,
                               const char *close, const char **line_ret)
{
    size_t before = (size_t)(open - line);
    size_t after = expansion->name_end - (size_t)(close + 1 - line);
    char *made = arena_copy_text(expansion->arena, line, expansion->length);

    if (!made)
        return error_out_of_memory();
    memset(made + before, ' ', expansion->name_end - before);
    memcpy(made + before, word, word_length);
    memcpy(made + before + word_length, close + 1, after);
    *line_ret = made;
    return NULL;
}

static struct error *add(struct expansion *expansion, const char *line)
{
    struct name_braces *braces = expansion->braces;

    if (braces->count == LINES_MAXIMUM) {
        set_fault(expansion, expansion->line + expansion->name_start,
                  "the braces stand for more than 10,000 kernels");
        return NULL;
    }
    const char **lines =
        arena_append(expansion->arena, braces->lines, braces->count, sizeof(*lines));
    if (!lines)
        return error_out_of_memory();
    lines[braces->count++] = line;
    braces->lines = lines;
    return NULL;
}

/* Replaces the first braces by each of their words, and goes on with what is left. */
static struct error *expand(struct expansion *expansion, const char *line)
{
    const char *end = line + expansion->name_end;
    const char *open = find(line + expansion->name_start, end, '{');
    const char *next;

    if (!open)
        return add(expansion, line);
    const char *close = find(open, end, '}');
    for (const char *word = open + 1; word <= close && !expansion->braces->fault; word = next + 1) {
        next = find(word, close, ',');
        next = next ? next : close;
        const char *made = NULL;
        TRY(make_line(expansion, line, open, word, (size_t)(next - word), close, &made));
        TRY(expand(expansion, made));
    }
    return NULL;
}

struct error *name_braces_expand(const char *line, size_t length, struct arena *arena,
                                 struct name_braces *ret)
{
    struct expansion expansion = {.line = line, .length = length, .arena = arena, .braces = ret};

    *ret = (struct name_braces){0};
    while (expansion.name_start < length &&
           (line[expansion.name_start] == ' ' || line[expansion.name_start] == '\t'))
        expansion.name_start++;
    expansion.name_end = expansion.name_start;
    while (expansion.name_end < length && line[expansion.name_end] != ' ' &&
           line[expansion.name_end] != '\t')
        expansion.name_end++;
    const char *name = line + expansion.name_start;
    size_t name_length = expansion.name_end - expansion.name_start;
    if (name_length == 0 || name[0] == '#' ||
        (!memchr(name, '{', name_length) && !memchr(name, '}', name_length)))
        return NULL;
    return is_well_formed(&expansion) ? expand(&expansion, line) : NULL;
}
