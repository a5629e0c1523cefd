/* SPDX-License-Identifier: MIT */
/*
 * When a kernel that could not be had is tried again.
 *
 * What may pass by itself (a file that is not there yet, a server that does not answer, a full
 * disk) is tried by every run. What lies in the package (it is cut short, has no DWARF, crashes or
 * starves its reader) is tried by the next run once more, since bytes may be damaged on their way;
 * then a day after its last try, then two, then four, then every seven, each less four hours, so
 * that a job of every night finds it due. Whatever it is, it is tried at once when the list asks
 * for something else, the file that it names has changed, another package is locked or none any
 * more, the settings give its reader more or less, another version of this program runs, or the
 * kernel is named on the command line; and when the clock stands before the last try.
 */
#ifndef KSTRUCT_RUN_UPDATE_KERNEL_RETRY_H
#define KSTRUCT_RUN_UPDATE_KERNEL_RETRY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

/* How long to wait after the last of TRIES tries in a row that failed with CODE, in seconds; 0 for
 * the next run. */
uint64_t retry_interval(enum error_code code, uint64_t tries);

/* When that is over; 0 if it is with the next run. FAILED_AT is the last try's time (UTC, ISO
 * 8601); 0 also if it is no time. */
time_t retry_time(enum error_code code, uint64_t tries, const char *failed_at);

/* Is it due at NOW? */
bool retry_is_due(enum error_code code, uint64_t tries, const char *failed_at, time_t now);

#endif
