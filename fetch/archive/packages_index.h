/* SPDX-License-Identifier: MIT */
/* The debug-symbol packages of kernels in an archive's Packages files; all others are passed over.
 */
#ifndef KSTRUCT_FETCH_ARCHIVE_PACKAGES_INDEX_H
#define KSTRUCT_FETCH_ARCHIVE_PACKAGES_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct indexed_package {
    const char *name; /* "linux-image-unsigned-6.8.0-31-generic-dbgsym" */
    const char *version;
    const char *architecture;
    const char *path;   /* below the archive's URL; NULL if not told, as the next */
    const char *sha256; /* 64 lower-case hexadecimal digits */
    uint64_t byte_size; /* UINT64_MAX if not told */
};

struct packages_index {
    size_t count;
    size_t capacity;
    struct indexed_package *packages;
    struct arena arena; /* their texts */
};

void packages_index_init(struct packages_index *index);
void packages_index_deinit(struct packages_index *index);

/* Adds what the LENGTH bytes of a Packages file list. A stanza without name, version or
 * architecture is none. */
struct error *packages_index_add(struct packages_index *index, const char *text,
                                 size_t length) MUST_CHECK;

#endif
