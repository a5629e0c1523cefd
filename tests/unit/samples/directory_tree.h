/* SPDX-License-Identifier: MIT */
/* Removes what a test has written. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_DIRECTORY_TREE_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_DIRECTORY_TREE_H

#include <ftw.h>

#include "tests/unit/unit.h"

static inline int remove_item(const char *path, const struct stat *status UNUSED, int kind UNUSED,
                              struct FTW *place UNUSED)
{
    return remove(path);
}

/* The directory at PATH with all that is in it; no link is followed. Returns 0, or what failed. */
static inline int remove_tree(const char *path)
{
    return nftw(path, remove_item, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
