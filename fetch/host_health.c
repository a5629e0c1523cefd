/* SPDX-License-Identifier: MIT */
#include "fetch/host_health.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is told apart of a server: more than a name and a port can have. */
enum { HOST_MAXIMUM = 400 };

struct failing_host {
    struct failing_host *next;
    size_t length;
    char name[]; /* "https://host:port", not NUL-terminated */
};

struct host_health {
    pthread_mutex_t mutex;
    struct failing_host *failing; /* few, so that a list will do */
};

struct host_health *host_health_create(void)
{
    struct host_health *health = calloc(1, sizeof(*health));

    if (health)
        pthread_mutex_init(&health->mutex, NULL);
    return health;
}

void host_health_destroy(struct host_health *health)
{
    if (!health)
        return;
    while (health->failing) {
        struct failing_host *next = health->failing->next;
        free(health->failing);
        health->failing = next;
    }
    pthread_mutex_destroy(&health->mutex);
    free(health);
}

/* How much of URL names the server; 0: it names none. */
static size_t host_length(const char *url)
{
    const char *authority = strstr(url, "://");

    if (!authority || strncasecmp(url, "file:", strlen("file:")) == 0)
        return 0;
    authority += strlen("://");
    size_t length = (size_t)(authority - url) + strcspn(authority, "/?#");
    return length <= HOST_MAXIMUM ? length : 0;
}

/* What leads to the server's entry, or to the end of the list. */
static struct failing_host **find(struct host_health *health, const char *url, size_t length)
{
    struct failing_host **link = &health->failing;

    while (*link && ((*link)->length != length || strncasecmp((*link)->name, url, length) != 0))
        link = &(*link)->next;
    return link;
}

static void add(struct failing_host **link, const char *url, size_t length)
{
    struct failing_host *host = malloc(sizeof(*host) + length);

    /* Without memory for it the server is only tried more often. */
    if (!host)
        return;
    host->next = NULL;
    host->length = length;
    memcpy(host->name, url, length);
    *link = host;
}

static void drop(struct failing_host **link)
{
    struct failing_host *host = *link;

    *link = host->next;
    free(host);
}

void host_health_note(struct host_health *health, const char *url, bool is_failing)
{
    size_t length = host_length(url);

    if (!health || length == 0)
        return;
    pthread_mutex_lock(&health->mutex);
    struct failing_host **link = find(health, url, length);
    if (is_failing && !*link)
        add(link, url, length);
    else if (!is_failing && *link)
        drop(link);
    pthread_mutex_unlock(&health->mutex);
}

bool host_health_is_failing(struct host_health *health, const char *url)
{
    size_t length = host_length(url);

    if (!health || length == 0)
        return false;
    pthread_mutex_lock(&health->mutex);
    bool is_failing = *find(health, url, length) != NULL;
    pthread_mutex_unlock(&health->mutex);
    return is_failing;
}
