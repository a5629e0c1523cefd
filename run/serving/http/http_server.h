/* SPDX-License-Identifier: MIT */
/*
 * A server of HTTP/1.1 by libmicrohttpd, which ends here. One thread speaks to the network; others
 * make the answers. It has limits on connections, on their time, and on the bytes of requests and
 * answers; who is above one gets an answer that says so, as far as there is anybody to read it.
 */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_SERVER_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_SERVER_H

#include "base/log.h"
#include "run/serving/http/http_cache.h"
#include "run/serving/http/http_counters.h"
#include "run/serving/http/http_service.h"

struct http_server;

struct http_options {
    int socket;       /* that is listened at; the server's from now on */
    unsigned workers; /* threads for what is light */
    struct http_cache *cache;
    struct http_counters *counters; /* where it counts what it does; all are 0 */
    struct log *log;                /* every request is told at its most verbose */
};

/* SERVICE is copied. End it with http_server_stop(). */
struct error *http_server_start(const struct http_options *options,
                                const struct http_service *service,
                                struct http_server **server_ret) MUST_CHECK;

/* Closes connections that have been open for too long, whoever keeps them. To be called now and
 * then. */
void http_server_sweep(struct http_server *server);

/* Takes no more requests, and ends when those under way are answered. */
void http_server_stop(struct http_server *server);

#endif
