/* SPDX-License-Identifier: MIT */
/* Threads that answer, apart from the one that speaks to the network: so nothing slow keeps it. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_WORKERS_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_WORKERS_H

#include <stdbool.h>

#include "base/error.h"

/* What is light takes milliseconds; what is heavy, up to many seconds and a lot of memory: one at a
 * time, by a thread of its own. */
enum http_weight { HTTP_LIGHT, HTTP_HEAVY, HTTP_WEIGHT_COUNT };

struct http_workers;
struct http_job;

/* Does the job; may be called by any thread of them. */
typedef void http_work(void *context, struct http_job *job);

/* The first member of what is to be done. */
struct http_job {
    struct http_job *next;
};

/* LIGHT_COUNT threads, and one for what is heavy. */
struct error *http_workers_start(unsigned light_count, http_work *work, void *context,
                                 struct http_workers **workers_ret) MUST_CHECK;

/* Has the job done some time; false if too many wait already, or no more are taken. */
bool http_workers_add(struct http_workers *workers, enum http_weight weight, struct http_job *job);

/* Takes no more jobs, waits for those that are there, and ends the threads. */
void http_workers_stop(struct http_workers *workers);

/* NULL-safe. */
void http_workers_destroy(struct http_workers *workers);

#endif
