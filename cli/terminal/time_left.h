/* SPDX-License-Identifier: MIT */
/*
 * When all kernels will be done, as far as that can be told.
 *
 * Fetching and reading go on side by side, so it is the longer one of two times:
 *
 * fetching  the bytes that are still to come, at the speed of late, and the time to read the kernel
 *           that comes last. Of a package whose size is not known, the mean of the known ones is
 *           taken.
 * reading   for each kernel that is not done, the mean of what reading and storing one took so far,
 *           less what was spent on it already; divided by how many are read at once, but no less
 *           than the longest one.
 *
 * Nothing is told before the first kernel was read, nor, while packages arrive, in their first
 * seconds, when their speed says little, or as long as no size is known. The report, which follows,
 * is not in it.
 */
#ifndef KSTRUCT_CLI_TERMINAL_TIME_LEFT_H
#define KSTRUCT_CLI_TERMINAL_TIME_LEFT_H

#include "cli/terminal/progress_view.h"

#define TIME_LEFT_UNKNOWN (-1.0)

/* In seconds. */
double time_left(const struct progress_view *view);

#endif
