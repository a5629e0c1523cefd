/* SPDX-License-Identifier: MIT */
/* Names of packages and of their files: foreign input that becomes a path or a command's word. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_NAME_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_NAME_H

#include <stdbool.h>

#include "base/error.h"

enum { PACKAGE_FILE_NAME_MAXIMUM = 250 };

/* The last part of the URL's path, percent-decoded: what the file is called. It is a plain, visible
 * name without slash or control character. Free with free(). ERROR_CONFIGURATION for
 * anything else, and if URL is not an http, https or file URL. */
struct error *package_file_name_from_url(const char *url, char **ret) MUST_CHECK;

/* The names that the package of KERNEL_NAME from URL may have in the packages' directory. The first
 * is its own: that of the kernel, with the suffix (.deb, .ddeb) of the file's name. The second is
 * the file's name, under which packages were kept before, and which those of several kernels may
 * share: what is there is used, and nothing is put there. Fails as package_file_name_from_url()
 * does. */
enum { PACKAGE_KEPT_NAME_COUNT = 2 };
struct package_kept_names {
    char *names[PACKAGE_KEPT_NAME_COUNT];
};
struct error *package_kept_names_init(const char *kernel_name, const char *url,
                                      struct package_kept_names *ret) MUST_CHECK;
void package_kept_names_deinit(struct package_kept_names *names);

/* The version in a file name of the form NAME_VERSION_ARCHITECTURE.deb (or .ddeb), "%3a" in it
 * decoded to ":". *ret is NULL if FILE_NAME has another form; free with free(). */
struct error *package_version_from_file_name(const char *file_name, char **ret) MUST_CHECK;

/* Are the two the same version? An epoch ("1:") counts only if both have one: pools leave it out of
 * file names. */
bool package_version_equal(const char *left, const char *right);

/* Debian's rule for package names, with an optional ":ARCHITECTURE" after. */
bool package_name_is_valid(const char *name);

/* Debian's rule for versions. */
bool package_version_is_valid(const char *version);

#endif
