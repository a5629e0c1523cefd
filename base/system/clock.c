/* SPDX-License-Identifier: MIT */
#include "base/system/clock.h"

#include <time.h>

int64_t clock_microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MICROSECONDS_PER_SECOND + now.tv_nsec / 1000;
}
