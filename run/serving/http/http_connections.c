/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_connections.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "base/system/clock.h"

void http_connections_init(struct http_connections *connections)
{
    pthread_mutex_init(&connections->mutex, NULL);
    connections->first = NULL;
}

void http_connections_deinit(struct http_connections *connections)
{
    while (connections->first)
        http_connections_remove(connections, connections->first);
    pthread_mutex_destroy(&connections->mutex);
}

static time_t now(void)
{
    return (time_t)(clock_microseconds() / MICROSECONDS_PER_SECOND);
}

struct http_connection *http_connections_add(struct http_connections *connections, int socket)
{
    struct http_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        return NULL;
    connection->socket = socket;
    connection->since = now();
    pthread_mutex_lock(&connections->mutex);
    connection->next = connections->first;
    if (connection->next)
        connection->next->previous = connection;
    connections->first = connection;
    pthread_mutex_unlock(&connections->mutex);
    return connection;
}

void http_connections_remove(struct http_connections *connections,
                             struct http_connection *connection)
{
    if (!connection)
        return;
    pthread_mutex_lock(&connections->mutex);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    pthread_mutex_unlock(&connections->mutex);
    free(connection);
}

time_t http_connection_age(const struct http_connection *connection)
{
    return now() - connection->since;
}

void http_connections_end_old(struct http_connections *connections, time_t seconds)
{
    time_t latest = now() - seconds;

    /* None is closed while the lock is held: a socket's number is still its own. */
    pthread_mutex_lock(&connections->mutex);
    for (struct http_connection *connection = connections->first; connection;
         connection = connection->next) {
        if (connection->since < latest)
            shutdown(connection->socket, SHUT_RDWR);
    }
    pthread_mutex_unlock(&connections->mutex);
}
