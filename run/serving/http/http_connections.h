/* SPDX-License-Identifier: MIT */
/* The open connections of a server, so that none stays for ever. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_CONNECTIONS_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_CONNECTIONS_H

#include <pthread.h>
#include <time.h>

/* One of them; the caller's until it is removed. */
struct http_connection {
    int socket;
    time_t since; /* of the monotonic clock */
    struct http_connection *previous;
    struct http_connection *next;
};

struct http_connections {
    pthread_mutex_t mutex;
    struct http_connection *first;
};

void http_connections_init(struct http_connections *connections);
void http_connections_deinit(struct http_connections *connections);

/* Notes that SOCKET was opened now; NULL, and it is not noted, when there is no memory. */
struct http_connection *http_connections_add(struct http_connections *connections, int socket);

/* It is about to be closed. NULL-safe. */
void http_connections_remove(struct http_connections *connections,
                             struct http_connection *connection);

/* Seconds since it was opened. */
time_t http_connection_age(const struct http_connection *connection);

/* Shuts those down that were opened more than SECONDS ago. */
void http_connections_end_old(struct http_connections *connections, time_t seconds);

#endif
