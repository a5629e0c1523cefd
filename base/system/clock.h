/* SPDX-License-Identifier: MIT */
/* The clock that nobody sets. */
#ifndef KSTRUCT_BASE_SYSTEM_CLOCK_H
#define KSTRUCT_BASE_SYSTEM_CLOCK_H

#include <stdint.h>

enum { MICROSECONDS_PER_SECOND = 1000000, MICROSECONDS_PER_MILLISECOND = 1000 };

/* Microseconds since some moment before this process began. */
int64_t clock_microseconds(void);

#endif
