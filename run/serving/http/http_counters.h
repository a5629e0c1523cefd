/* SPDX-License-Identifier: MIT */
/* What a server has done since it was started, in the text form that Prometheus reads:
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_COUNTERS_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buffer.h"

struct http_counters {
    atomic_uint_fast64_t answers[6]; /* by the status's first digit */
    atomic_uint_fast64_t refused;    /* too many, or too much at once: among the above */
    atomic_uint_fast64_t from_cache;
    atomic_uint_fast64_t sent_bytes;   /* of contents */
    atomic_uint_fast64_t microseconds; /* that answers took in all, without sending them */
    atomic_int_fast64_t connections;   /* open now */
    atomic_int_fast64_t held_bytes;    /* of requests and answers under way now */
};

void http_counters_append(struct http_counters *counters, struct buffer *out);

/* One number with what it is, as the form has it. KIND is "counter" or "gauge". */
void http_counter_append(struct buffer *out, const char *name, const char *kind,
                         const char *explanation, uint64_t number);

#endif
