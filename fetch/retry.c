/* SPDX-License-Identifier: MIT */
#include "fetch/retry.h"

#include "base/compiler.h"

/* Short: a source that is down for longer is left to the next run. */
static const unsigned delays_milliseconds[] = {250, 1000};

enum { LONGEST_ASKED_SECONDS = 60 };

bool retry_delay(unsigned failed_tries, unsigned asked_seconds, unsigned *milliseconds_ret)
{
    if (failed_tries == 0 || failed_tries > ARRAY_LENGTH(delays_milliseconds) ||
        asked_seconds > LONGEST_ASKED_SECONDS)
        return false;
    unsigned delay = delays_milliseconds[failed_tries - 1];
    *milliseconds_ret = asked_seconds * 1000 > delay ? asked_seconds * 1000 : delay;
    return true;
}
