/* SPDX-License-Identifier: MIT */
/* What is on record of a package that is kept: beside NAME, NAME.from has the public form of the
 * URL that it came from, and its hash. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_RECORD_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_RECORD_H

#include <stdbool.h>

#include "base/error.h"

/* The name of what is on record of the file at PATH; free with free(), NULL after a failure. */
struct error *package_record_path(const char *path, char **record_path_ret) MUST_CHECK;

/* The hash on record of the package at PATH, SHA256_HEX_LENGTH digits and a NUL. False if there is
 * no record that can be read. */
bool package_record_hash(const char *path, char *sha256_ret);

/* Is it on record that the file at PATH, which has that hash, came from URL? */
bool package_record_tells(const char *path, const char *url, const char *sha256);

struct error *package_record_write(const char *path, const char *url,
                                   const char *sha256) MUST_CHECK;

/* Removes a package, or the beginning of one, from disk, with what is on record of it. */
void package_discard(const char *path);

#endif
