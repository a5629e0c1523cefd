/* SPDX-License-Identifier: MIT */
#include "fetch/http/host_health.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/system/clock.h"
#include "base/system/condition.h"
#include "fetch/http/url_text.h"

enum {
    HOST_MAXIMUM = 400, /* what is told apart of a server: more than a name and a port can have */
    SILENCE_SECONDS = 300, /* how long one that does not answer is left alone ... */
    SILENT_VISITS = 2,     /* ... after so many in a row: one file alone may hang, too */
};

struct host {
    struct host *next;
    bool is_failing;
    bool has_answered;
    bool is_awaited;         /* its first answer is, by one visit */
    unsigned silent_visits;  /* in a row */
    int64_t left_alone_till; /* the second, as now() has it */
    bool has_asked_for_it;
    size_t length;
    char name[]; /* "https://host:port", not NUL-terminated */
};

struct host_health {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct host *hosts; /* few, so that a list will do */
};

struct host_health *host_health_create(void)
{
    struct host_health *health = calloc(1, sizeof(*health));

    if (!health)
        return NULL;
    pthread_mutex_init(&health->mutex, NULL);
    pthread_cond_init(&health->changed, NULL);
    return health;
}

void host_health_destroy(struct host_health *health)
{
    if (!health)
        return;
    while (health->hosts) {
        struct host *next = health->hosts->next;
        free(health->hosts);
        health->hosts = next;
    }
    pthread_cond_destroy(&health->changed);
    pthread_mutex_destroy(&health->mutex);
    free(health);
}

static int64_t now(void)
{
    return clock_microseconds() / MICROSECONDS_PER_SECOND;
}

/* Locks HEALTH and finds the server of URL. NULL, and nothing is locked, if it names none, or there
 * is no memory for it: the server is only asked more often then. */
static struct host *lock(struct host_health *health, const char *url)
{
    size_t length = url_server_length(url);

    if (!health || length == 0 || length > HOST_MAXIMUM)
        return NULL;
    pthread_mutex_lock(&health->mutex);
    struct host *host = health->hosts;
    while (host && (host->length != length || strncasecmp(host->name, url, length) != 0))
        host = host->next;
    if (host || !(host = calloc(1, sizeof(*host) + length))) {
        if (!host)
            pthread_mutex_unlock(&health->mutex);
        return host;
    }
    host->next = health->hosts;
    host->length = length;
    memcpy(host->name, url, length);
    health->hosts = host;
    return host;
}

static void unlock(struct host_health *health)
{
    pthread_cond_broadcast(&health->changed);
    pthread_mutex_unlock(&health->mutex);
}

void host_health_note(struct host_health *health, const char *url, bool is_failing)
{
    struct host *host = lock(health, url);

    if (!host)
        return;
    host->is_failing = is_failing;
    unlock(health);
}

bool host_health_is_failing(struct host_health *health, const char *url)
{
    const struct host *host = lock(health, url);

    if (!host)
        return false;
    bool is_failing = host->is_failing;
    unlock(health);
    return is_failing;
}

/* Is the server to be left alone now? For how long is put into VISIT. */
static bool is_left_alone(const struct host *host, struct host_visit *visit)
{
    int64_t left = host->left_alone_till - now();

    visit->seconds_left = left <= 0 ? 0 : left < UINT_MAX ? (unsigned)left : UINT_MAX;
    visit->has_asked_for_it = host->has_asked_for_it;
    return left > 0;
}

static bool is_set(const atomic_bool *flag)
{
    return flag && atomic_load(flag);
}

bool host_health_enter(struct host_health *health, const char *url, unsigned longest_seconds,
                       const atomic_bool *is_cancelled, struct host_visit *visit)
{
    struct host *host = lock(health, url);
    bool is_refused = false;

    *visit = (struct host_visit){.health = health, .url = url};
    if (!host)
        return true;
    while (!is_set(is_cancelled)) {
        bool is_alone = is_left_alone(host, visit);
        is_refused = is_alone && (!host->has_asked_for_it || visit->seconds_left > longest_seconds);
        if (is_refused || (!is_alone && (host->has_answered || !host->is_awaited)))
            break;
        condition_wait_briefly(&health->changed, &health->mutex);
    }
    visit->is_first = !is_refused && !host->has_answered && !host->is_awaited;
    host->is_awaited = host->is_awaited || visit->is_first;
    unlock(health);
    return !is_refused;
}

void host_health_answered(const struct host_visit *visit)
{
    struct host *host = lock(visit->health, visit->url);

    if (!host)
        return;
    host->has_answered = true;
    host->silent_visits = 0;
    unlock(visit->health);
}

void host_health_leave(const struct host_visit *visit, bool has_answer)
{
    if (has_answer)
        host_health_answered(visit);
    struct host *host = lock(visit->health, visit->url);
    if (!host)
        return;
    if (visit->is_first)
        host->is_awaited = false;
    if (!has_answer && ++host->silent_visits >= SILENT_VISITS) {
        host->has_answered = false;
        host->silent_visits = 0;
        host->has_asked_for_it = false;
        host->left_alone_till = now() + SILENCE_SECONDS;
    }
    unlock(visit->health);
}

void host_health_leave_alone(struct host_health *health, const char *url, unsigned seconds)
{
    struct host *host = lock(health, url);

    if (!host)
        return;
    if (now() + seconds > host->left_alone_till) {
        host->left_alone_till = now() + seconds;
        host->has_asked_for_it = true;
    }
    unlock(health);
}
