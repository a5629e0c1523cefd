/* SPDX-License-Identifier: MIT */
/* Whether and when a transient failure is worth another try. */
#ifndef KSTRUCT_FETCH_RETRY_H
#define KSTRUCT_FETCH_RETRY_H

#include <stdbool.h>

/* After FAILED_TRIES tries that failed for a transient reason, where the server asked to be left
 * alone for ASKED_SECONDS (0 if it did not): try again, and after how many milliseconds? */
bool retry_delay(unsigned failed_tries, unsigned asked_seconds, unsigned *milliseconds_ret);

#endif
