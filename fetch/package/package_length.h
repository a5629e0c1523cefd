/* SPDX-License-Identifier: MIT */
/* Whether a file is as long as it says of itself: the end of a transfer need not be the file's. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_LENGTH_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_LENGTH_H

#include <stdint.h>

#include "base/error.h"

/* ERROR_INCONCLUSIVE if the package or ELF file that is open, of BYTE_SIZE bytes, is cut: if its
 * archive's members or its section headers would end after it, or if a Debian package has no data.
 * What says nothing that can be understood of its length is not cut. URL is for the error. */
struct error *package_length_check(int file_descriptor, uint64_t byte_size,
                                   const char *url) MUST_CHECK;

#endif
