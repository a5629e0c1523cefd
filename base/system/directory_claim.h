/* SPDX-License-Identifier: MIT */
/*
 * Whose a directory is. One in which files are replaced or removed by their names must be the
 * program's own, or another's files of those names would be lost. A mark in it tells: a file that
 * is put there before any other. So no place is taken for ours for its name alone.
 */
#ifndef KSTRUCT_BASE_SYSTEM_DIRECTORY_CLAIM_H
#define KSTRUCT_BASE_SYSTEM_DIRECTORY_CLAIM_H

#include <stdbool.h>

#include "base/error.h"

/* What a directory is used for. */
struct directory_use {
    const char *mark; /* the mark's name: hidden; what is in it does not matter here */
    const char *noun; /* "a report's directory" */
    const char *way;  /* how to have it taken nevertheless, after "or ": "adopt it with `…`" */
    /* Is the entry NAME of the open directory one that a version which knew no mark has left? */
    bool (*is_sign)(const void *context, int directory, const char *name);
    const void *context;
};

/*
 * Takes the open DIRECTORY for that use: marks it unless it is marked already. ERROR_USAGE if it is
 * neither marked nor empty, and nothing in it is a sign, unless ADOPTS; nothing is written then.
 * Hidden files do not make it full: PATH may be a home, or a repository's. No link is followed.
 */
struct error *directory_claim(int directory, const char *path, const struct directory_use *use,
                              bool adopts) MUST_CHECK;

#endif
