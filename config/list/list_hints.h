/* SPDX-License-Identifier: MIT */
/* What somebody may have meant by a word of the list that cannot be read, or hardly is as meant. */
#ifndef KSTRUCT_CONFIG_LIST_LIST_HINTS_H
#define KSTRUCT_CONFIG_LIST_LIST_HINTS_H

#include <stdbool.h>

#include "model/kernel/kernel_name.h"

/* Does the word begin a comment elsewhere, but not here? */
bool list_hint_is_comment(const char *word);

/* The key that a word without one looks like a value of: "url", "file", "version" or "sha256"; NULL
 * if it does not. */
const char *list_hint_key(const char *word);

/* Why a kernel of that name, which is to be looked for in Ubuntu's archives, will hardly be found
 * there: text to go after the name, to be freed with free(); NULL if it looks as Ubuntu's do, and
 * when there is no memory. */
char *list_hint_name(const struct kernel_name *name) MUST_CHECK;

#endif
