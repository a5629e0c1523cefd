/* SPDX-License-Identifier: MIT */
#include "fetch/http/document.h"

#include "fetch/http/transfer.h"
#include "fetch/http/transfer_retry.h"

/* After that a file is not likely to be one of several that have the same time. */
enum { SETTLED_SECONDS = 60 };

/* What comes in. */
struct arrival {
    const char *url;
    struct host_visit visit;
    document_too_long *too_long;
    struct buffer *bytes;
    time_t modified_at;
    bool has_begun;
};

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct arrival *arrival = context;

    host_health_answered(&arrival->visit);
    buffer_clear(arrival->bytes);
    arrival->modified_at = response->modified_at;
    arrival->has_begun = true;
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

/* Tries as often as SETTINGS say. */
static struct error *fetch(const struct fetch_settings *settings, struct arrival *arrival,
                           bool is_text, time_t changed_since)
{
    const char *url = arrival->url;
    const struct transfer_request request = {
        .url = url,
        .changed_since = changed_since,
        .is_text = is_text,
        .begin = begin,
        .receive = receive,
        .context = arrival,
        .is_cancelled = settings->is_cancelled,
    };
    struct transfer_failure failure = {.has_answer = true};

    TRY(retry_enter(settings, url, &arrival->visit));
    struct error *error = transfer_with_retries(settings, &request, &failure);
    host_health_leave(&arrival->visit, failure.has_answer || retry_is_cancelled(settings));
    return error;
}

struct error *document_fetch(const struct fetch_settings *settings, const char *url, bool is_text,
                             document_too_long *too_long, struct buffer *ret)
{
    struct arrival arrival = {.url = url, .too_long = too_long, .bytes = ret};

    return fetch(settings, &arrival, is_text, 0);
}

struct error *document_fetch_changed(const struct fetch_settings *settings, const char *url,
                                     document_too_long *too_long, time_t *modified_at,
                                     bool *is_changed_ret, struct buffer *ret)
{
    struct arrival arrival = {.url = url, .too_long = too_long, .bytes = ret};

    TRY(fetch(settings, &arrival, false, *modified_at));
    *is_changed_ret = arrival.has_begun;
    /* Times are told in whole seconds: within the same one it may change again. */
    if (arrival.has_begun)
        *modified_at =
            arrival.modified_at + SETTLED_SECONDS <= time(NULL) ? arrival.modified_at : 0;
    return NULL;
}
