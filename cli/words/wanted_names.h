/* SPDX-License-Identifier: MIT */
/* The words of a command that name definitions: `task_struct`, `"union sigval"`, `enum` `pid_type`.
 */
#ifndef KSTRUCT_CLI_WORDS_WANTED_NAMES_H
#define KSTRUCT_CLI_WORDS_WANTED_NAMES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "dataset/dataset.h"

struct wanted_name {
    unsigned kinds; /* a set of DEFINITION_KIND_BIT(): one kind, or all where none is said */
    const char *name;
};

struct wanted_names {
    size_t count;
    struct wanted_name *names;
};

/* Reads the words; all is allocated from ARENA. A kind's word stands before a name, in the same
 * word or as one of its own. */
struct error *wanted_names_parse(char *const *words, size_t word_count, struct arena *arena,
                                 struct wanted_names *names_ret) MUST_CHECK;

/* Takes the word of a kind off the beginning of *TEXT; the set of kinds that is meant. */
unsigned wanted_kinds_take(const char **text);

/* The set of kinds that a text such as "struct,enum" names; ERROR_USAGE, as of that command. */
struct error *wanted_kinds_parse(const char *command, const char *text,
                                 unsigned *kinds_ret) MUST_CHECK;

/* ERROR_NOT_FOUND: no definition that WANTED means is in PLACE, which is called so; nor in IMAGE of
 * it, unless that is NULL. Says where else there is one, or what is called like it: of KERNEL, or
 * of all if that is NULL. */
struct error *wanted_name_missing(struct dataset *dataset, const char *kernel,
                                  const struct wanted_name *wanted, const char *image,
                                  const char *place) MUST_CHECK;

#endif
