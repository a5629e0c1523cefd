/* SPDX-License-Identifier: MIT */
/*
 * A web server on a free port of this machine, in a thread of the test, that misbehaves to order.
 * One connection at a time, one request each; every wait has an end.
 */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_HTTP_SERVER_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_HTTP_SERVER_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* What is answered to a request for one path. */
struct http_route {
    const char *path;
    int status;               /* 0: the connection is closed without an answer */
    const char *headers;      /* further ones, each with its line end; NULL: none */
    const void *body;         /* NULL: none */
    size_t body_length;       /* bytes that are sent ... */
    size_t missing_length;    /* ... and that Content-Length claims above those */
    unsigned failures_before; /* the first requests are answered with status 500 */
    unsigned cuts_before;     /* the first ones get only half of the body */
    unsigned stall_seconds;   /* waits so long after the body, or until the client goes */
};

struct http_server {
    const struct http_route *routes;
    size_t route_count;
    int listener;
    uint16_t port;
    pthread_t thread;
    atomic_bool is_stopping;
    atomic_uint request_counts[32]; /* by route */
    char last_request[2048];        /* of the last one; look at it after a transfer */
};

static inline void http_send(int connection, const void *bytes, size_t length)
{
    const char *position = bytes;

    while (length > 0) {
        ssize_t count = send(connection, position, length, MSG_NOSIGNAL);
        if (count <= 0)
            return;
        position += count;
        length -= (size_t)count;
    }
}

/* Says nothing until the client gives up. */
static inline void http_stall(int connection, unsigned seconds)
{
    struct pollfd wait = {.fd = connection, .events = POLLRDHUP};

    poll(&wait, 1, (int)seconds * 1000);
}

static inline void http_answer(struct http_server *server, int connection, size_t route_number)
{
    const struct http_route *route = &server->routes[route_number];
    unsigned earlier = atomic_fetch_add(&server->request_counts[route_number], 1);
    bool fails = earlier < route->failures_before;
    char head[1024];

    if (route->status == 0)
        return;
    snprintf(head, sizeof(head),
             "HTTP/1.1 %d Status\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
             fails ? 500 : route->status, fails ? 0 : route->body_length + route->missing_length,
             route->headers ? route->headers : "");
    http_send(connection, head, strlen(head));
    if (fails)
        return;
    http_send(connection, route->body,
              earlier < route->cuts_before ? route->body_length / 2 : route->body_length);
    if (route->stall_seconds > 0)
        http_stall(connection, route->stall_seconds);
}

/* Reads the request's head, for at most five seconds. */
static inline bool http_read_request(struct http_server *server, int connection)
{
    struct pollfd wait = {.fd = connection, .events = POLLIN};
    size_t length = 0;

    while (length < sizeof(server->last_request) - 1 && poll(&wait, 1, 5000) > 0) {
        ssize_t count = recv(connection, server->last_request + length,
                             sizeof(server->last_request) - 1 - length, 0);
        if (count <= 0)
            return false;
        length += (size_t)count;
        server->last_request[length] = '\0';
        if (strstr(server->last_request, "\r\n\r\n"))
            return true;
    }
    return false;
}

static inline void http_serve(struct http_server *server, int connection)
{
    static const char unknown[] = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n"
                                  "Content-Length: 4\r\n\r\nnone";

    if (!http_read_request(server, connection))
        return;
    const char *path = strchr(server->last_request, ' ');
    size_t path_length = path ? strcspn(path + 1, " ") : 0;
    for (size_t i = 0; path && i < server->route_count; i++) {
        if (strlen(server->routes[i].path) == path_length &&
            strncmp(server->routes[i].path, path + 1, path_length) == 0) {
            http_answer(server, connection, i);
            return;
        }
    }
    http_send(connection, unknown, strlen(unknown));
}

static inline void *http_server_run(void *context)
{
    struct http_server *server = context;
    struct pollfd wait = {.fd = server->listener, .events = POLLIN};

    while (!server->is_stopping) {
        if (poll(&wait, 1, 20) <= 0)
            continue;
        int connection = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        http_serve(server, connection);
        close(connection);
    }
    return NULL;
}

static inline void http_server_start(struct http_server *server, const struct http_route *routes,
                                     size_t route_count)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);

    memset(server, 0, sizeof(*server));
    assert_true(route_count <= ARRAY_LENGTH(server->request_counts));
    server->routes = routes;
    server->route_count = route_count;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, http_server_run, server), 0);
}

static inline void http_server_stop(struct http_server *server)
{
    server->is_stopping = true;
    pthread_join(server->thread, NULL);
    close(server->listener);
}

#endif
