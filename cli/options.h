/* SPDX-License-Identifier: MIT */
/* The command line's options: the global ones, which every command takes too, and a command's own.
 */
#ifndef KSTRUCT_CLI_OPTIONS_H
#define KSTRUCT_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/cli.h"

/*
 * Reads options from argv[1] on; OWN ends with {0}. Stops at the first word that is no option if
 * STOP_AT_WORD, else moves such words to the end. *NEXT_RET is the index of the first of them.
 */
struct error *options_read(int argc, char **argv, const char *command,
                           const struct option_value *own, bool stop_at_word,
                           struct global_options *global, int *next_ret) MUST_CHECK;

/* Makes CLI's settings from a settings file and the options. Bad lines of the file are logged. */
struct error *options_apply(const struct global_options *global, struct cli *cli) MUST_CHECK;

#endif
