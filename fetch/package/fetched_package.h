/* SPDX-License-Identifier: MIT */
/* What is told of a package that is there: made by those who have looked at its bytes. */
#ifndef KSTRUCT_FETCH_PACKAGE_FETCHED_PACKAGE_H
#define KSTRUCT_FETCH_PACKAGE_FETCHED_PACKAGE_H

#include "fetch/fetch.h"
#include "fetch/package/package_location.h"

/* Describes the package at PATH, which is open as FILE_DESCRIPTOR and has that hash and size.
 * LOCATION is where it comes from; NULL for a local file. */
struct error *fetched_package_describe(const struct package_location *location, const char *path,
                                       int file_descriptor, const char *sha256, uint64_t byte_size,
                                       struct fetched_package *ret) MUST_CHECK;

#endif
