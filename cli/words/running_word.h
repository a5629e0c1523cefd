/* SPDX-License-Identifier: MIT */
/* The word `running` where a kernel's name is wanted: the one of this machine. */
#ifndef KSTRUCT_CLI_WORDS_RUNNING_WORD_H
#define KSTRUCT_CLI_WORDS_RUNNING_WORD_H

#include "base/arena.h"
#include "cli/cli.h"
#include "dataset/dataset.h"

/* Opens the data set for reading. Each of the COUNT texts at WORDS is NULL, or has kernels' names
 * with commas between them. Where one is `running`, the data set is a copy that has this machine's
 * kernel, too, and the word becomes its name, allocated from ARENA; what the data set has of it is
 * logged. *TWIN_RET, unless TWIN_RET is NULL, is the data set's own kernel that it is, or NULL. */
struct error *running_word_open(struct cli *cli, const char **const *words, size_t count,
                                struct arena *arena, const char **twin_ret,
                                struct dataset **dataset_ret) MUST_CHECK;

#endif
