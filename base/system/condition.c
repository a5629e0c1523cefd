/* SPDX-License-Identifier: MIT */
#include "base/system/condition.h"

#include <time.h>

enum { WAIT_NANOSECONDS = 200 * 1000 * 1000, NANOSECONDS_PER_SECOND = 1000 * 1000 * 1000 };

void condition_wait_briefly(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    struct timespec until;

    /* Not the time of day: when that is set back, the wait would last as much longer. */
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_NANOSECONDS;
    if (until.tv_nsec >= NANOSECONDS_PER_SECOND) {
        until.tv_nsec -= NANOSECONDS_PER_SECOND;
        until.tv_sec++;
    }
    pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &until);
}
