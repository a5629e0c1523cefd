/* SPDX-License-Identifier: MIT */
/* The outside of a Debian package: an ar archive of debian-binary, control.tar.* and data.tar.* */
#ifndef KSTRUCT_EXTRACT_PACKAGE_H
#define KSTRUCT_EXTRACT_PACKAGE_H

#include <stdbool.h>

#include "extract/byte_range.h"

enum { PACKAGE_MEMBER_NAME_LENGTH = 16 };

/* The data.tar member: the archive of the files that the package installs. */
struct package_data {
    char name[PACKAGE_MEMBER_NAME_LENGTH + 1]; /* "data.tar.xz" */
    struct byte_range bytes;                   /* lies wholly within the file */
    uint64_t package_size;                     /* bytes of the whole file */
};

/* Does the file begin as an ar archive does? False also if it cannot be read. */
bool package_has_magic(int file_descriptor);

/* Finds the data.tar member. SOURCE's parts are kept in RET->bytes and must outlive it.
 * ERROR_NOT_A_PACKAGE: not an ar archive, or one of something else. ERROR_CORRUPT: cut short or
 * damaged; what lies after the data.tar member is not looked at. */
struct error *package_find_data(const struct byte_source *source,
                                struct package_data *ret) MUST_CHECK;

/* The same for the control.tar member, which says what package it is. */
struct error *package_find_control(const struct byte_source *source,
                                   struct package_data *ret) MUST_CHECK;

#endif
