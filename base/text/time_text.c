/* SPDX-License-Identifier: MIT */
#include "base/text/time_text.h"

#define FORM "%Y-%m-%dT%H:%M:%SZ"

void time_text(time_t time, char text[TIME_TEXT_BYTES])
{
    struct tm broken_down;

    if (!gmtime_r(&time, &broken_down) || strftime(text, TIME_TEXT_BYTES, FORM, &broken_down) == 0)
        text[0] = '\0';
}

bool time_text_read(const char *text, time_t *time_ret)
{
    struct tm broken_down = {0};
    const char *end = strptime(text, FORM, &broken_down);

    if (!end || *end != '\0')
        return false;
    *time_ret = timegm(&broken_down);
    return true;
}
