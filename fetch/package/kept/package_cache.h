/* SPDX-License-Identifier: MIT */
/* The directory of packages, kept within a number of bytes. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_CACHE_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"

struct package_cache_rules {
    uint64_t maximum_bytes; /* of all packages together */
    /* Must the package stay, however long ago it was used? Asked for those that would have to go;
     * SHA256 is what is on record of its bytes. */
    bool (*is_needed)(void *context, const char *file_name, const char *sha256);
    void *context;
    struct log *log; /* is told what is removed; may be NULL */
};

/* Removes packages from DIRECTORY, those first that were not used for longest, until the others
 * have no more bytes than allowed, or all others are needed. A package is a file with a record of
 * its origin, NAME.from: other files are left alone and not counted, but for the beginnings of
 * packages (NAME.part) that nobody has gone on with for a week. What was last used when is told by
 * the files' times. */
struct error *package_cache_trim(const char *directory,
                                 const struct package_cache_rules *rules) MUST_CHECK;

#endif
