/* SPDX-License-Identifier: MIT */
#include "fetch/http/transfer_retry.h"

#include <stdint.h>
#include <sys/random.h>
#include <time.h>

enum { LONGEST_WAIT_MILLISECONDS = 10 * 60 * 1000, NAP_MILLISECONDS = 100 };

/* 0 to 65535. */
static unsigned chance(void)
{
    uint16_t number = 0;

    /* Without chance the wait is shorter, which does no harm. */
    return getrandom(&number, sizeof(number), GRND_NONBLOCK) == sizeof(number) ? number : 0;
}

bool retry_wait(const struct fetch_settings *settings, unsigned failed_tries,
                unsigned asked_seconds, unsigned *milliseconds_ret)
{
    uint64_t wait = settings->first_wait_milliseconds;

    if (failed_tries == 0 || failed_tries >= settings->tries ||
        asked_seconds > settings->longest_asked_wait_seconds)
        return false;
    for (unsigned i = 1; i < failed_tries && wait < LONGEST_WAIT_MILLISECONDS; i++)
        wait *= 4;
    if (wait > LONGEST_WAIT_MILLISECONDS)
        wait = LONGEST_WAIT_MILLISECONDS;
    wait = wait * 3 / 4 + wait * chance() / 2 / 65536;
    uint64_t asked = (uint64_t)asked_seconds * 1000;
    *milliseconds_ret = (unsigned)(asked > wait ? asked : wait);
    return true;
}

bool retry_wait_for_url(const struct fetch_settings *settings, const char *url,
                        unsigned failed_tries, unsigned asked_seconds, unsigned *milliseconds_ret)
{
    if (asked_seconds > 0)
        host_health_leave_alone(settings->host_health, url, asked_seconds);
    if (host_health_is_failing(settings->host_health, url)) {
        log_write(settings->log, LOG_DETAIL,
                  "%s: not tried again, since its server has failed for long enough", url);
        return false;
    }
    if (retry_wait(settings, failed_tries, asked_seconds, milliseconds_ret))
        return true;
    host_health_note(settings->host_health, url, true);
    return false;
}

struct error *retry_enter(const struct fetch_settings *settings, const char *url,
                          struct host_visit *visit)
{
    if (host_health_enter(settings->host_health, url, settings->longest_asked_wait_seconds,
                          settings->is_cancelled, visit))
        return NULL;
    if (visit->has_asked_for_it)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "is not asked for: its server wants to be left alone for another %u s, "
                            "more than retry_after_limit allows; it is left to the next run",
                            visit->seconds_left);
    return error_create(ERROR_INCONCLUSIVE, url,
                        "is not asked for: its server has not answered to others, and is left "
                        "alone for another %u s",
                        visit->seconds_left);
}

bool retry_is_cancelled(const struct fetch_settings *settings)
{
    return settings->is_cancelled && atomic_load(settings->is_cancelled);
}

void retry_sleep(const struct fetch_settings *settings, unsigned milliseconds)
{
    while (milliseconds > 0 && !retry_is_cancelled(settings)) {
        unsigned nap = milliseconds < NAP_MILLISECONDS ? milliseconds : NAP_MILLISECONDS;
        const struct timespec delay = {0, (long)nap * 1000000};
        nanosleep(&delay, NULL);
        milliseconds -= nap;
    }
}

bool retry_pause(const struct fetch_settings *settings, const char *url, const struct error *error,
                 unsigned failed_tries, unsigned asked_seconds)
{
    unsigned milliseconds = 0;

    if (!retry_wait_for_url(settings, url, failed_tries, asked_seconds, &milliseconds))
        return false;
    log_write(settings->log, LOG_NOTICE, "%s: %s; next try in %u.%u s", url, error->why,
              milliseconds / 1000, milliseconds % 1000 / 100);
    retry_sleep(settings, milliseconds);
    return true;
}
