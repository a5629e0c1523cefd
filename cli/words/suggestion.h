/* SPDX-License-Identifier: MIT */
/* Names that there are not, and which one may have been meant. */
#ifndef KSTRUCT_CLI_WORDS_SUGGESTION_H
#define KSTRUCT_CLI_WORDS_SUGGESTION_H

#include <stddef.h>

#include "base/error.h"

/* ERROR_NOT_FOUND for NAME with the reason WHY, and with the nearest of CANDIDATES if one is near.
 */
struct error *suggestion_error(const char *name, const char *why, const char *const *candidates,
                               size_t count) MUST_CHECK;

#endif
