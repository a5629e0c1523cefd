/* SPDX-License-Identifier: MIT */
/* What answers requests: the site's pages and the JSON interface, by their addresses. */
#ifndef KSTRUCT_RUN_SERVING_SERVICE_H
#define KSTRUCT_RUN_SERVING_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "run/serving/catalog/catalog.h"
#include "run/serving/catalog/dataset_pool.h"
#include "run/serving/http/http_counters.h"
#include "run/serving/http/http_message.h"
#include "run/serving/http/http_service.h"

struct service {
    struct workspace *workspace;
    struct dataset_pool datasets;
    struct http_counters counters; /* the server's */
    const atomic_bool *is_ending;  /* when it is set, long answers are given up */
    pthread_mutex_t mutex;
    struct catalog *catalog; /* what is served now; under the mutex */
};

/* Takes the catalog over. Free with service_deinit(), also after a failure. */
struct error *service_init(struct service *service, struct workspace *workspace,
                           const atomic_bool *is_ending, struct catalog *catalog) MUST_CHECK;
void service_deinit(struct service *service);

/* Serves that one from now on, and takes it over. */
void service_replace_catalog(struct service *service, struct catalog *catalog);

/* What is served now; to be released. */
struct catalog *service_hold_catalog(struct service *service);

/* As those of struct http_service; CONTEXT is a service. */
void service_plan(void *context, const struct http_request *request, struct http_plan *plan_ret);
void service_answer(void *context, const struct http_request *request, struct http_answer *answer);

#endif
