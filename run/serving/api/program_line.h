/* SPDX-License-Identifier: MIT */
/* A question's parameters as words of a command line of this program. */
#ifndef KSTRUCT_RUN_SERVING_API_PROGRAM_LINE_H
#define KSTRUCT_RUN_SERVING_API_PROGRAM_LINE_H

#include "base/arena.h"
#include "run/serving/question.h"

enum { PROGRAM_WORDS_MAXIMUM = 256 };

/* What a value must be. */
enum value_kind {
    VALUE_TEXT,
    VALUE_WORDS, /* as on a command line: "enum pid_type.PIDTYPE_TGID" */
    VALUE_KERNEL,
    VALUE_FLAG, /* "1", or not there */
};

struct program_parameter {
    const char *name;
    const char *option; /* NULL: it is a word of its own */
    enum value_kind kind;
    bool is_wanted;
    bool has_many; /* as an option: its values become one, with commas */
};

struct program {
    const char *command;
    bool is_told_by_status; /* status 1 is an answer like any other */
    const struct program_parameter *parameters;
};

/* The commands that questions are put to. */
extern const struct program program_offsets;
extern const struct program program_diff;
extern const struct program program_find;
extern const struct program program_check;

struct program_line {
    char *data_dir; /* absolute, since the program may say it in its messages; owned */
    size_t count;
    const char *words[PROGRAM_WORDS_MAXIMUM + 1]; /* then NULL */
    struct arena arena;                           /* owns words */
};

/* Puts the line together: the program, its command, the request's parameters, and FILE unless it is
 * NULL. ERROR_USAGE or ERROR_NOT_FOUND says which parameter is wrong. Free with
 * program_line_deinit(), also after a failure. */
struct error *program_line_make(const struct question *question, const struct program *program,
                                const char *file, struct program_line *line) MUST_CHECK;
void program_line_deinit(struct program_line *line);

#endif
