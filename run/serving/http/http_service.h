/* SPDX-License-Identifier: MIT */
/* What makes the answers. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_SERVICE_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_SERVICE_H

#include "run/serving/http/http_message.h"
#include "run/serving/http/http_workers.h"

/* How a request is to be answered. */
struct http_plan {
    enum http_weight weight;
    bool has_parameters; /* that the answer depends on; all others are not looked at */
};

/* Both may be called by any thread. */
struct http_service {
    void (*plan)(void *context, const struct http_request *request, struct http_plan *plan_ret);
    /* Answers; what it leaves is a page with status 200. */
    void (*answer)(void *context, const struct http_request *request, struct http_answer *answer);
    void *context;
};

#endif
