/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/public_url.h"

static char out_of_memory_text[] = "out of memory";

/* Shared and never freed, so that reporting the lack of memory needs none. */
static struct error out_of_memory = {
    .code = ERROR_OUT_OF_MEMORY,
    .where = NULL,
    .offset = ERROR_NO_OFFSET,
    .why = out_of_memory_text,
};

struct error *error_out_of_memory(void)
{
    return &out_of_memory;
}

static struct error *create(enum error_code code, const char *where, uint64_t offset, char *why)
{
    struct error *error = calloc(1, sizeof(*error));
    char *where_copy = where ? strdup(where) : NULL;

    if (!error || !why || (where && !where_copy)) {
        free(error);
        free(why);
        free(where_copy);
        return error_out_of_memory();
    }
    if (where_copy)
        public_url_hide(where_copy);
    public_url_hide(why);
    error->code = code;
    error->where = where_copy;
    error->offset = offset;
    error->why = why;
    return error;
}

static char *format_text(const char *format, va_list arguments) PRINTF_LIKE(1, 0);

static char *format_text(const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0)
        return NULL;
    return text;
}

struct error *error_create(enum error_code code, const char *where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *why = format_text(format, arguments);
    va_end(arguments);
    return create(code, where, ERROR_NO_OFFSET, why);
}

struct error *error_create_at(enum error_code code, const char *where, uint64_t offset,
                              const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *why = format_text(format, arguments);
    va_end(arguments);
    return create(code, where, offset, why);
}

struct error *error_create_errno(int errno_value, const char *where, const char *format, ...)
{
    va_list arguments;
    char reason[128];
    char *why = NULL;

    va_start(arguments, format);
    char *what = format_text(format, arguments);
    va_end(arguments);
    if (errno_value == ENOMEM) {
        free(what);
        return error_out_of_memory();
    }
    if (what && asprintf(&why, "%s: %s", what, strerror_r(errno_value, reason, sizeof(reason))) < 0)
        why = NULL;
    free(what);
    return create(ERROR_SYSTEM, where, ERROR_NO_OFFSET, why);
}

struct error *error_locate(struct error *error, const char *where)
{
    if (error && error != &out_of_memory && !error->where)
        error->where = strdup(where);
    if (error && error->where && error != &out_of_memory)
        public_url_hide(error->where);
    return error;
}

struct error *error_copy(const struct error *error)
{
    return error ? error_create_at(error->code, error->where, error->offset, "%s", error->why)
                 : NULL;
}

void error_destroy(struct error *error)
{
    if (!error || error == &out_of_memory)
        return;
    free(error->where);
    free(error->why);
    free(error);
}

void error_keep_first(struct error **first, struct error *error)
{
    if (*first)
        error_destroy(error);
    else
        *first = error;
}

const struct failure *error_failure(enum error_code code)
{
    static const struct failure failures[] = {
#define X(name, text, state, endurance, blame, status)                                             \
    [name] = {text, state, endurance, blame, status},
        ERROR_CODES(X)
#undef X
    };

    return &failures[code];
}

const char *failure_state_word(enum failure_state state)
{
    static const char *const words[] = {
#define X(name, word, summary) [name] = (word),
        FAILURE_STATES(X)
#undef X
    };

    return words[state];
}

const char *failure_state_summary(enum failure_state state)
{
    static const char *const summaries[] = {
#define X(name, word, summary) [name] = (summary),
        FAILURE_STATES(X)
#undef X
    };

    return summaries[state];
}

const char *error_code_text(enum error_code code)
{
    return error_failure(code)->text;
}

enum error_code error_code_from_text(const char *text)
{
#define X(name, name_text, ...)                                                                    \
    if (strcmp(text, name_text) == 0)                                                              \
        return name;
    ERROR_CODES(X)
#undef X
    return ERROR_INTERNAL;
}

/* Texts may quote foreign input; a terminal or a log must not be steered by it. */
static void replace_control_characters(char *text)
{
    for (char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    }
}

char *error_to_line(const struct error *error)
{
    char *line = NULL;
    int length;

    if (!error->where)
        length = asprintf(&line, "%s", error->why);
    else if (error->offset == ERROR_NO_OFFSET)
        length = asprintf(&line, "%s: %s", error->where, error->why);
    else
        length =
            asprintf(&line, "%s: at byte %" PRIu64 ": %s", error->where, error->offset, error->why);
    if (length < 0)
        return NULL;
    replace_control_characters(line);
    return line;
}
