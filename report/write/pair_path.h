/* SPDX-License-Identifier: MIT */
/*
 * Where the page of a pair of kernels is, in the folder of such pages: BEFORE..AFTER and SUFFIX,
 * with every byte but letters, digits, `.`, `_`, `-`, `+` and `~` as %XX (a leading dot too). A
 * name too long for a file ends in `~` and 16 digits of its hash.
 */
#ifndef KSTRUCT_REPORT_WRITE_PAIR_PATH_H
#define KSTRUCT_REPORT_WRITE_PAIR_PATH_H

#include "base/buffer.h"

/* Appends to PATH, which keeps a failure. SUFFIX is ".md" or the like. */
void pair_path_append(const char *before, const char *after, const char *suffix,
                      struct buffer *path);

/* The same as it stands in a link. */
void pair_path_append_link(const char *before, const char *after, const char *suffix,
                           struct buffer *out);

#endif
