/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/serving/http/http_connections.h"
#include "run/serving/http/http_exchange.h"

_Static_assert(MHD_VERSION >= 0x00097302, "libmicrohttpd is too old to free what it has sent");

enum {
    CONNECTIONS_MAXIMUM = 1000,
    IDLE_SECONDS = 15,
    CONNECTION_SECONDS = 300, /* then it is closed, whoever keeps it busy */
};

struct http_server {
    struct MHD_Daemon *daemon;
    int socket;
    struct http_connections connections;
    struct http_desk desk;
};

static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add(&server->desk.counters->connections, 1);
        *socket_context =
            info ? http_connections_add(&server->connections, info->connect_fd) : NULL;
        return;
    }
    atomic_fetch_sub(&server->desk.counters->connections, 1);
    http_connections_remove(&server->connections, *socket_context);
    *socket_context = NULL;
}

/* What libmicrohttpd has to say is about clients that went away. */
__attribute__((format(printf, 2, 0))) static void log_message(void *context, const char *format,
                                                              va_list arguments)
{
    struct http_server *server = context;
    char line[512];

    vsnprintf(line, sizeof(line), format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_write(server->desk.log, LOG_DETAIL, "libmicrohttpd: %s", line);
}

/* An escaped NUL would end the text: a text with one is left as it is, so that nothing has that
 * address. */
static size_t unescape(void *context UNUSED, struct MHD_Connection *connection UNUSED, char *text)
{
    return strstr(text, "%00") ? strlen(text) : MHD_http_unescape(text);
}

static struct error *start_daemon(struct http_server *server)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        http_exchange_handle, &server->desk, MHD_OPTION_EXTERNAL_LOGGER, log_message, server,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAXIMUM, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_BYTES_MAXIMUM,
        MHD_OPTION_NOTIFY_COMPLETED, http_exchange_complete, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
    return server->daemon ? NULL
                          : error_create(ERROR_SYSTEM, NULL, "libmicrohttpd cannot be started");
}

/* Connections that wait for a worker must have been resumed before libmicrohttpd may be stopped. */
static void destroy(struct http_server *server)
{
    if (server->desk.workers)
        http_workers_stop(server->desk.workers);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    else
        close(server->socket);
    http_workers_destroy(server->desk.workers);
    http_connections_deinit(&server->connections);
    free(server);
}

struct error *http_server_start(const struct http_options *options,
                                const struct http_service *service, struct http_server **server_ret)
{
    struct http_server *server = calloc(1, sizeof(*server));

    if (!server) {
        close(options->socket);
        return error_out_of_memory();
    }
    server->socket = options->socket;
    server->desk.service = *service;
    server->desk.cache = options->cache;
    server->desk.counters = options->counters;
    server->desk.log = options->log;
    http_connections_init(&server->connections);
    struct error *error = http_workers_start(options->workers, http_exchange_work, &server->desk,
                                             &server->desk.workers);
    if (!error)
        error = start_daemon(server);
    if (error) {
        destroy(server);
        return error;
    }
    *server_ret = server;
    return NULL;
}

void http_server_sweep(struct http_server *server)
{
    http_connections_end_old(&server->connections, CONNECTION_SECONDS);
}

void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    /* Nobody is let in any more; the workers end what they are at, and answer that the server ends
     * to the others. What then is not yet sent is not sent any more. */
    atomic_store(&server->desk.is_ending, true);
    int listening = MHD_quiesce_daemon(server->daemon);
    destroy(server);
    if (listening >= 0)
        close(listening);
}
