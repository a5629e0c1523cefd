/* SPDX-License-Identifier: MIT */
/* Whether a file begins as a package, an ELF file or BTF does. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_BEGINNING_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_BEGINNING_H

#include <stddef.h>

#include "base/error.h"

/* So many bytes are looked at, and shown. */
enum { PACKAGE_BEGINNING_LENGTH = 40 };

/* Looks at the first LENGTH bytes of what came from URL, or at all of it. ERROR_NOT_A_PACKAGE if it
 * is something else; ERROR_INCONCLUSIVE if it is nothing at all, packed, or a page: that is what
 * somebody on the way has to say, such as a network that wants a login, and says nothing of the
 * package. */
struct error *package_beginning_check(const char *beginning, size_t length,
                                      const char *url) MUST_CHECK;

#endif
