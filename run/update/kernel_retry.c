/* SPDX-License-Identifier: MIT */
#include "run/update/kernel_retry.h"

#include "base/text/time_text.h"

enum { HOUR = 60 * 60, DAYS_MAXIMUM = 7, SLACK_HOURS = 4 };

uint64_t retry_interval(enum error_code code, uint64_t tries)
{
    uint64_t days = 1;

    if (error_failure(code)->endurance == PASSING || tries < 2)
        return 0;
    for (uint64_t i = 2; i < tries && days < DAYS_MAXIMUM; i++)
        days *= 2;
    if (days > DAYS_MAXIMUM)
        days = DAYS_MAXIMUM;
    return (24 * days - SLACK_HOURS) * HOUR;
}

time_t retry_time(enum error_code code, uint64_t tries, const char *failed_at)
{
    uint64_t wait = retry_interval(code, tries);
    time_t last;

    return wait > 0 && time_text_read(failed_at, &last) ? last + (time_t)wait : 0;
}

bool retry_is_due(enum error_code code, uint64_t tries, const char *failed_at, time_t now)
{
    time_t last;

    return !time_text_read(failed_at, &last) || now < last ||
           now >= retry_time(code, tries, failed_at);
}
