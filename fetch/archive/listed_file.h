/* SPDX-License-Identifier: MIT */
/* A file of which a signed list tells size and hash. */
#ifndef KSTRUCT_FETCH_ARCHIVE_LISTED_FILE_H
#define KSTRUCT_FETCH_ARCHIVE_LISTED_FILE_H

#include "base/buffer.h"
#include "base/hash/sha256.h"
#include "fetch/fetch.h"

struct listed_file {
    char sha256[SHA256_HEX_LENGTH + 1];
    uint64_t byte_size;
};

/* Where it may be. */
struct listed_file_places {
    const char *cached_path; /* used if it is the one listed; else written */
    const char *hash_url;    /* under its hash, where it stays the same while the archive changes;
                                NULL if the archive has no such names */
    const char *url;
};

/* Reads it into RET, which has been initialized. ERROR_NOT_FOUND: the server has none;
 * ERROR_CORRUPT: it has another one; else as document_fetch(). */
struct error *listed_file_get(const struct fetch_settings *settings,
                              const struct listed_file *listed,
                              const struct listed_file_places *places,
                              struct buffer *ret) MUST_CHECK;

#endif
