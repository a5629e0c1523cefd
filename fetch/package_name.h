/* SPDX-License-Identifier: MIT */
/* Names of packages and of their files: foreign input that becomes a path or a command's word. */
#ifndef KSTRUCT_FETCH_PACKAGE_NAME_H
#define KSTRUCT_FETCH_PACKAGE_NAME_H

#include <stdbool.h>

#include "base/error.h"

/* Leaves room for a suffix within the 255 bytes that a file name may have. */
enum { PACKAGE_FILE_NAME_MAXIMUM = 250 };

/* The last part of the URL's path, percent-decoded: the name to keep the file under. It is a plain,
 * visible name without slash or control character. Free with free(). ERROR_CONFIGURATION for
 * anything else, and if URL is not an http, https or file URL. */
struct error *package_file_name_from_url(const char *url, char **ret) MUST_CHECK;

/* The version in a file name of the form NAME_VERSION_ARCHITECTURE.deb (or .ddeb), "%3a" in it
 * decoded to ":". *ret is NULL if FILE_NAME has another form; free with free(). */
struct error *package_version_from_file_name(const char *file_name, char **ret) MUST_CHECK;

/* Are the two the same version? An epoch ("1:") counts only if both have one: pools leave it out of
 * file names. */
bool package_version_equal(const char *left, const char *right);

/* Debian's rule for package names, with an optional ":ARCHITECTURE" behind. */
bool package_name_is_valid(const char *name);

/* Debian's rule for versions. */
bool package_version_is_valid(const char *version);

#endif
