/* SPDX-License-Identifier: MIT */
/* Requests that libmicrohttpd has read, and their way through the workers to an answer. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_EXCHANGE_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "base/log.h"
#include "run/serving/http/http_cache.h"
#include "run/serving/http/http_counters.h"
#include "run/serving/http/http_service.h"
#include "run/serving/http/http_workers.h"

enum { HTTP_HEAD_BYTES_MAXIMUM = 16 * 1024 }; /* of a request's line and headers */

/* What requests are answered with. */
struct http_desk {
    struct http_service service;
    struct http_cache *cache;
    struct http_counters *counters;
    struct log *log;
    struct http_workers *workers;
    atomic_bool is_ending; /* what waits is not worked on any more */
};

/* For MHD_start_daemon(), with a desk as CONTEXT: called when a request's headers are there, when
 * contents come, when all is there, and again after the connection was resumed. */
enum MHD_Result http_exchange_handle(void *context, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *bytes, size_t *length, void **exchange_of_request);

/* For MHD_OPTION_NOTIFY_COMPLETED. */
void http_exchange_complete(void *context, struct MHD_Connection *connection,
                            void **exchange_of_request, enum MHD_RequestTerminationCode code);

/* What a worker does, with a desk as CONTEXT. */
void http_exchange_work(void *context, struct http_job *job);

#endif
