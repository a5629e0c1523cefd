/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_counters.h"

#include <inttypes.h>

static void append_head(struct buffer *out, const char *name, const char *kind,
                        const char *explanation)
{
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, explanation, name, kind);
}

void http_counter_append(struct buffer *out, const char *name, const char *kind,
                         const char *explanation, uint64_t number)
{
    append_head(out, name, kind, explanation);
    buffer_append_format(out, "%s %" PRIu64 "\n", name, number);
}

static uint64_t at_least_zero(int64_t number)
{
    return number > 0 ? (uint64_t)number : 0;
}

void http_counters_append(struct http_counters *counters, struct buffer *out)
{
    append_head(out, "kstruct_http_answers_total", "counter", "Answers, by status.");
    for (size_t i = 2; i < ARRAY_LENGTH(counters->answers); i++)
        buffer_append_format(out, "kstruct_http_answers_total{status=\"%zuxx\"} %" PRIu64 "\n", i,
                             (uint64_t)atomic_load(&counters->answers[i]));
    http_counter_append(out, "kstruct_http_refused_total", "counter",
                        "Requests that were refused for lack of room.",
                        atomic_load(&counters->refused));
    http_counter_append(out, "kstruct_http_cached_total", "counter",
                        "Answers that were kept from earlier ones.",
                        atomic_load(&counters->from_cache));
    http_counter_append(out, "kstruct_http_sent_bytes_total", "counter",
                        "Bytes of answers, without headers.", atomic_load(&counters->sent_bytes));
    http_counter_append(out, "kstruct_http_answering_microseconds_total", "counter",
                        "Time that answers took, without sending.",
                        atomic_load(&counters->microseconds));
    http_counter_append(out, "kstruct_http_connections", "gauge", "Open connections.",
                        at_least_zero(atomic_load(&counters->connections)));
    http_counter_append(out, "kstruct_http_held_bytes", "gauge",
                        "Bytes of requests and answers under way.",
                        at_least_zero(atomic_load(&counters->held_bytes)));
}
