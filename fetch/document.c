/* SPDX-License-Identifier: MIT */
#include "fetch/document.h"

#include "fetch/retry.h"
#include "fetch/transfer.h"

/* What comes in. */
struct arrival {
    const char *url;
    struct host_visit visit;
    document_too_long *too_long;
    struct buffer *bytes;
};

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct arrival *arrival = context;

    host_health_answered(&arrival->visit);
    buffer_clear(arrival->bytes);
    if (response->total_size != TRANSFER_SIZE_UNKNOWN &&
        response->total_size > arrival->bytes->maximum)
        return arrival->too_long(arrival->url, arrival->bytes->maximum);
    return NULL;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct arrival *arrival = context;

    buffer_append(arrival->bytes, bytes, length);
    if (arrival->bytes->has_failed && arrival->bytes->failure == ERROR_LIMIT)
        return arrival->too_long(arrival->url, arrival->bytes->maximum);
    return buffer_check(arrival->bytes, arrival->url);
}

static struct error *transfer_with_retries(const struct fetch_settings *settings,
                                           const struct transfer_request *request,
                                           struct transfer_failure *failure)
{
    for (unsigned failed_tries = 1;; failed_tries++) {
        struct error *error = transfer_run(settings->engine, request, failure);
        if (!error)
            host_health_note(settings->host_health, request->url, false);
        if (!error || !failure->is_transient || retry_is_cancelled(settings) ||
            !retry_pause(settings, request->url, error, failed_tries, failure->wait_seconds))
            return error;
        error_destroy(error);
    }
}

struct error *document_fetch(const struct fetch_settings *settings, const char *url, bool is_text,
                             document_too_long *too_long, struct buffer *ret)
{
    struct arrival arrival = {.url = url, .too_long = too_long, .bytes = ret};
    const struct transfer_request request = {
        .url = url,
        .is_text = is_text,
        .begin = begin,
        .receive = receive,
        .context = &arrival,
        .is_cancelled = settings->is_cancelled,
    };
    struct transfer_failure failure = {.has_answer = true};

    TRY(retry_enter(settings, url, &arrival.visit));
    struct error *error = transfer_with_retries(settings, &request, &failure);
    host_health_leave(&arrival.visit, failure.has_answer || retry_is_cancelled(settings));
    return error;
}
