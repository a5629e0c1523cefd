/* SPDX-License-Identifier: MIT */
#include "fetch/package/stream/package_stream.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/system/condition.h"
#include "base/text/public_url.h"
#include "fetch/http/transfer.h"
#include "fetch/http/transfer_retry.h"
#include "fetch/package/stream/stream_window.h"

/* How far the fetching may be ahead of the reading, how much stays after it has been read, and how
 * much comes at first, which has the control archive of most packages. */
#define AHEAD_BYTES (UINT64_C(1) << 20)
#define BACK_BYTES (UINT64_C(8) << 20)
#define FIRST_BYTES (UINT64_C(64) << 10)

enum { RECEIVE_BUFFER_BYTES = 512 * 1024 };

struct package_stream {
    const struct fetch_settings *settings;
    struct fetch_settings pausing; /* the same, for waits that end with the stream */
    struct fetch_plan plan;
    char *public_url;               /* of the plan's */
    struct transfer_engine *engine; /* its own: its callbacks wait for the reader */
    pthread_t thread;
    bool has_thread;
    struct host_visit visit;
    atomic_bool is_stopping;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t changed;
    char *validator;     /* of the bytes so far; NULL: none yet */
    uint64_t total_size; /* TRANSFER_SIZE_UNKNOWN until the server has told */
    bool has_ranges;
    struct stream_window window; /* what has arrived */
    uint64_t to_skip;            /* of what comes next: the server began anew, or has no ranges */
    struct package_part wanted;  /* the reader waits for that */
    uint64_t received;           /* in all, with what came twice */
    bool has_ended;
    struct error *error; /* why it ended early */
};

int package_stream_descriptor(const struct package_stream *stream)
{
    return stream->window.file_descriptor;
}

const char *package_stream_url(const struct package_stream *stream)
{
    return stream->public_url;
}

const char *package_stream_version(const struct package_stream *stream)
{
    return stream->plan.package_version;
}

uint64_t package_stream_total_size(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    uint64_t total_size = stream->total_size;
    pthread_mutex_unlock(&stream->mutex);
    return total_size;
}

bool package_stream_has_ranges(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    bool has_ranges = stream->has_ranges;
    pthread_mutex_unlock(&stream->mutex);
    return has_ranges;
}

static struct error *check_response(struct package_stream *stream,
                                    const struct transfer_response *response)
{
    const char *url = stream->plan.url;

    if (response->total_size == TRANSFER_SIZE_UNKNOWN)
        return error_create(ERROR_UNSUPPORTED, url,
                            "the server does not say how long the package is, so it cannot be read "
                            "while it arrives; fetch it without --stream");
    if (response->total_size > INT64_MAX)
        return error_create(ERROR_CORRUPT, url, "is said to be larger than any file");
    /* Else each part would cost all that is before it. */
    if (stream->has_ranges && !response->is_part)
        return error_create(ERROR_UNSUPPORTED, url,
                            "its server answers ranges now and then only, so it cannot be read "
                            "in parts");
    if (stream->plan.byte_size != TRANSFER_SIZE_UNKNOWN &&
        stream->plan.byte_size != response->total_size)
        return error_create(ERROR_CORRUPT, url,
                            "has %" PRIu64 " bytes where %" PRIu64 " are promised",
                            response->total_size, stream->plan.byte_size);
    if (stream->validator && (strcmp(stream->validator, response->validator) != 0 ||
                              stream->total_size != response->total_size))
        return error_create(ERROR_INCONCLUSIVE, url,
                            "changed while it was fetched; try again later");
    return NULL;
}

/* Takes over what the first answer tells. The mutex is held. */
static struct error *learn(struct package_stream *stream, const struct transfer_response *response)
{
    if (stream->validator)
        return NULL;
    stream->validator = strdup(response->validator);
    if (!stream->validator)
        return error_out_of_memory();
    stream->total_size = response->total_size;
    /* Without a validator, a later part might be another file's. */
    stream->has_ranges = response->is_part && response->validator[0] != '\0';
    return NULL;
}

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct package_stream *stream = context;
    struct error *error;

    host_health_answered(&stream->visit);
    pthread_mutex_lock(&stream->mutex);
    error = check_response(stream, response);
    if (!error)
        error = learn(stream, response);
    if (!error) {
        stream->to_skip = stream->window.end_offset - response->first_byte;
        pthread_cond_broadcast(&stream->changed);
    }
    pthread_mutex_unlock(&stream->mutex);
    return error;
}

static bool is_cancelled(const struct package_stream *stream)
{
    return atomic_load(&stream->is_stopping) || retry_is_cancelled(stream->settings);
}

/* Is what the reader waits for in the window, or soon after it? The mutex is held. */
static bool is_near(const struct package_stream *stream)
{
    uint64_t start = stream->wanted.start_offset;

    return start >= stream->window.start_offset && start <= stream->window.end_offset + FIRST_BYTES;
}

static bool is_here(const struct package_stream *stream)
{
    return stream->wanted.start_offset >= stream->window.start_offset &&
           stream->wanted.end_offset <= stream->window.end_offset;
}

/* The mutex is held. */
static void drop_read(struct package_stream *stream)
{
    if (stream->wanted.start_offset > BACK_BYTES)
        stream_window_drop(&stream->window, stream->wanted.start_offset - BACK_BYTES);
}

/* Waits until the reader has come near; false if it does not any more. */
static bool wait_for_reader(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    while (!is_cancelled(stream) && is_near(stream) &&
           stream->window.end_offset > stream->wanted.end_offset + AHEAD_BYTES)
        condition_wait_briefly(&stream->changed, &stream->mutex);
    bool is_wanted = !is_cancelled(stream) && (is_near(stream) || !stream->has_ranges);
    pthread_mutex_unlock(&stream->mutex);
    return is_wanted;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct package_stream *stream = context;
    size_t skipped = stream->to_skip < length ? (size_t)stream->to_skip : length;

    if (!wait_for_reader(stream))
        return error_create(ERROR_INTERRUPTED, stream->plan.url, "is not wanted any more");
    TRY(stream_window_put(&stream->window, (const char *)bytes + skipped, length - skipped,
                          stream->plan.url));
    pthread_mutex_lock(&stream->mutex);
    stream->to_skip -= skipped;
    stream->window.end_offset += length - skipped;
    stream->received += length;
    drop_read(stream);
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->mutex);
    return NULL;
}

/* The request for what comes next. The mutex is held. */
static struct transfer_request next_request(struct package_stream *stream)
{
    struct transfer_request request = {
        .url = stream->plan.url,
        .begin = begin,
        .receive = receive,
        .context = stream,
        .is_cancelled = &stream->is_stopping,
    };

    if (stream->has_ranges && !is_near(stream))
        stream_window_move(&stream->window, stream->wanted.start_offset);
    request.first_byte = stream->window.end_offset;
    request.validator = stream->validator;
    if (!stream->validator)
        request.end_byte = FIRST_BYTES;
    else if (stream->has_ranges)
        request.end_byte = stream->wanted.likely_end_offset;
    return request;
}

/* Waits until the reader needs what is not here; false if there is no need any more. */
static bool wait_for_need(struct package_stream *stream, struct transfer_request *request_ret)
{
    pthread_mutex_lock(&stream->mutex);
    while (!is_cancelled(stream) && is_here(stream))
        condition_wait_briefly(&stream->changed, &stream->mutex);
    if (!is_cancelled(stream))
        *request_ret = next_request(stream);
    pthread_mutex_unlock(&stream->mutex);
    return !is_cancelled(stream);
}

/* A server may send less than it was asked for: then it is tried again, from there. */
static struct error *check_progress(const struct package_stream *stream,
                                    const struct transfer_request *request,
                                    struct transfer_failure *failure)
{
    uint64_t end = request->end_byte > 0 && request->end_byte < stream->total_size
                       ? request->end_byte
                       : stream->total_size;

    if (stream->window.end_offset >= end)
        return NULL;
    failure->is_transient = true;
    return error_create(ERROR_INCONCLUSIVE, stream->plan.url,
                        "the server sends bytes %" PRIu64 " to %" PRIu64
                        ", where it was asked for those to %" PRIu64,
                        request->first_byte, stream->window.end_offset, end);
}

/* Was a transfer broken off since the reader needs another part? */
static bool is_left(const struct package_stream *stream, const struct error *error)
{
    return error->code == ERROR_INTERRUPTED && !is_cancelled(stream);
}

/* Fetches one part after the other as the reader needs them. */
static struct error *transfer_parts(struct package_stream *stream, struct transfer_failure *failure)
{
    struct transfer_request request;
    unsigned failed_tries = 0;

    while (wait_for_need(stream, &request)) {
        uint64_t before = stream->received;
        struct error *error = transfer_run(stream->engine, &request, failure);
        if (!error)
            error = check_progress(stream, &request, failure);
        if (!error || is_left(stream, error)) {
            error_destroy(error);
            failed_tries = 0;
            continue;
        }
        if (!failure->is_transient || is_cancelled(stream))
            return error;
        failed_tries++;
        if (stream->received > before + AHEAD_BYTES) {
            failed_tries = 1;
            host_health_note(stream->settings->host_health, stream->plan.url, false);
        }
        if (!retry_pause(&stream->pausing, stream->plan.url, error, failed_tries,
                         failure->wait_seconds))
            return error;
        error_destroy(error);
    }
    return NULL;
}

static struct error *transfer_all(struct package_stream *stream)
{
    struct transfer_failure failure = {.has_answer = true};

    TRY(retry_enter(stream->settings, stream->plan.url, &stream->visit));
    struct error *error = transfer_parts(stream, &failure);
    host_health_leave(&stream->visit, failure.has_answer || is_cancelled(stream));
    return error;
}

static void *run(void *context)
{
    struct package_stream *stream = context;
    struct error *error = transfer_all(stream);

    pthread_mutex_lock(&stream->mutex);
    stream->error = error;
    stream->has_ended = true;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->mutex);
    return NULL;
}

/* The reader is not trusted. The mutex is held. */
static struct error *check_part(const struct package_stream *stream,
                                const struct package_part *part)
{
    if (part->start_offset >= part->end_offset || part->end_offset > stream->total_size ||
        part->end_offset - part->start_offset > PACKAGE_PART_BYTES_MAXIMUM)
        return error_create(ERROR_LIMIT, stream->public_url,
                            "its bytes %" PRIu64 " to %" PRIu64 " cannot be had at once",
                            part->start_offset, part->end_offset);
    if (!stream->has_ranges && part->start_offset < stream->window.start_offset)
        return error_create(ERROR_LIMIT, stream->public_url,
                            "is to be read from byte %" PRIu64 " on, which is gone: the server "
                            "answers no ranges; fetch it without --stream",
                            part->start_offset);
    return NULL;
}

/* Makes PART what is wanted. The mutex is held. */
static void want(struct package_stream *stream, const struct package_part *part)
{
    stream->wanted = *part;
    if (stream->wanted.likely_end_offset < part->end_offset)
        stream->wanted.likely_end_offset = part->end_offset;
    if (stream->wanted.likely_end_offset > stream->total_size)
        stream->wanted.likely_end_offset = stream->total_size;
    drop_read(stream);
    pthread_cond_broadcast(&stream->changed);
}

/* The mutex is held. */
static struct error *wait_for_wanted(struct package_stream *stream)
{
    while (!stream->has_ended && !is_here(stream) && !is_cancelled(stream))
        condition_wait_briefly(&stream->changed, &stream->mutex);
    if (is_here(stream))
        return NULL;
    if (is_cancelled(stream)) {
        atomic_store(&stream->is_stopping, true); /* which the transfer looks at */
        return error_create(ERROR_INTERRUPTED, stream->plan.url, "is not wanted any more");
    }
    return stream->error ? error_copy(stream->error)
                         : error_create(ERROR_INTERNAL, stream->public_url, "ended too early");
}

struct error *package_stream_wait(struct package_stream *stream, const struct package_part *part)
{
    pthread_mutex_lock(&stream->mutex);
    struct error *error = check_part(stream, part);
    if (!error) {
        want(stream, part);
        error = wait_for_wanted(stream);
    }
    pthread_mutex_unlock(&stream->mutex);
    return error;
}

static struct error *start_engine(const struct fetch_settings *settings,
                                  struct package_stream *stream)
{
    TRY(stream_window_open(&stream->window));
    struct transfer_settings own = *transfer_engine_settings(settings->engine);
    own.receive_buffer_bytes = RECEIVE_BUFFER_BYTES;
    own.average_bytes = 0; /* it comes as slowly as it is read */
    TRY(transfer_engine_start(&own, &stream->engine));
    if (pthread_create(&stream->thread, NULL, run, stream) != 0)
        return error_out_of_memory();
    stream->has_thread = true;
    return NULL;
}

static struct error *check_plan(const struct fetch_plan *plan, const struct fetch_request *request)
{
    if (!plan->url)
        return error_create(ERROR_UNSUPPORTED, request->kernel_name,
                            "is a local file, which needs no streaming");
    if (strncasecmp(plan->url, "https:", strlen("https:")) != 0 && !plan->sha256)
        return error_create(ERROR_UNSUPPORTED, plan->url,
                            "is neither fetched by https nor is its hash known: it is not read "
                            "while it arrives");
    return NULL;
}

struct error *package_stream_begin(const struct fetch_settings *settings,
                                   const struct fetch_request *request,
                                   struct package_stream **stream_ret)
{
    struct package_stream *stream = calloc(1, sizeof(*stream));

    if (!stream)
        return error_out_of_memory();
    stream->settings = settings;
    stream->pausing = *settings;
    stream->pausing.is_cancelled = &stream->is_stopping;
    stream->window.file_descriptor = -1;
    stream->total_size = TRANSFER_SIZE_UNKNOWN;
    pthread_mutex_init(&stream->mutex, NULL);
    pthread_cond_init(&stream->changed, NULL);
    struct error *error = fetch_resolve(settings, request, &stream->plan);
    if (!error)
        error = check_plan(&stream->plan, request);
    if (!error)
        error = public_url(stream->plan.url, &stream->public_url);
    if (!error)
        error = start_engine(settings, stream);
    if (error) {
        package_stream_end(stream);
        return error;
    }
    *stream_ret = stream;
    return NULL;
}

void package_stream_stop(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    atomic_store(&stream->is_stopping, true);
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->mutex);
}

uint64_t package_stream_end(struct package_stream *stream)
{
    if (!stream)
        return 0;
    package_stream_stop(stream);
    if (stream->has_thread)
        pthread_join(stream->thread, NULL);
    transfer_engine_stop(stream->engine);
    uint64_t received = stream->received;
    stream_window_close(&stream->window);
    pthread_mutex_destroy(&stream->mutex);
    pthread_cond_destroy(&stream->changed);
    fetch_plan_deinit(&stream->plan);
    error_destroy(stream->error);
    free(stream->public_url);
    free(stream->validator);
    free(stream);
    return received;
}
