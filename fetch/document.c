/* SPDX-License-Identifier: MIT */
#include "fetch/document.h"

#include "fetch/host_health.h"
#include "fetch/retry.h"
#include "fetch/transfer.h"

/* What comes in. */
struct arrival {
    const char *url;
    document_too_long *too_long;
    struct buffer *bytes;
};

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct arrival *arrival = context;

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

struct error *document_fetch(const struct fetch_settings *settings, const char *url, bool is_text,
                             document_too_long *too_long, struct buffer *ret)
{
    struct arrival arrival = {url, too_long, ret};
    const struct transfer_request request = {
        .url = url,
        .is_text = is_text,
        .begin = begin,
        .receive = receive,
        .context = &arrival,
        .is_cancelled = settings->is_cancelled,
    };

    for (unsigned failed_tries = 1;; failed_tries++) {
        struct transfer_failure failure;
        struct error *error = transfer_run(settings->engine, &request, &failure);
        if (!error)
            host_health_note(settings->host_health, url, false);
        if (!error || !failure.is_transient || retry_is_cancelled(settings) ||
            !retry_pause(settings, url, error, failed_tries, failure.wait_seconds))
            return error;
        error_destroy(error);
    }
}
