/* SPDX-License-Identifier: MIT */
/* Which kernel a debug-symbol package is of: the other way from kernel_package_names_init(). */
#ifndef KSTRUCT_FETCH_PACKAGE_KERNEL_PACKAGE_H
#define KSTRUCT_FETCH_PACKAGE_KERNEL_PACKAGE_H

#include <stdbool.h>

#include "fetch/source/discovery.h"

/* "6.8.0-31-generic-amd64", from "linux-image-unsigned-6.8.0-31-generic-dbgsym" and "amd64", and
 * "6.1.0-56-cloud-amd64" from Debian's "linux-image-6.1.0-56-cloud-amd64-dbg"; to be freed with
 * free(). *ret is NULL for a package that is no kernel's. */
struct error *kernel_name_of_package(const char *package, const char *architecture,
                                     char **ret) MUST_CHECK;

/* Does a kernel of that name pass, as far as version, architecture and flavor go? */
bool kernel_name_passes(const char *kernel_name, const struct discovery_filter *filter);

#endif
