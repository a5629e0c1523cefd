/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/system/condition.h"
#include "base/system/file.h"
#include "base/text/public_url.h"
#include "fetch/http/transfer.h"
#include "fetch/http/transfer_retry.h"

/* How far the fetching may be ahead of the reading, and how much stays behind it. */
#define AHEAD_BYTES (UINT64_C(1) << 20)
#define BEHIND_BYTES (UINT64_C(8) << 20)

enum { RECEIVE_BUFFER_BYTES = 512 * 1024 };

struct package_stream {
    const struct fetch_settings *settings;
    struct fetch_plan plan;
    char *public_url;               /* of the plan's */
    struct transfer_engine *engine; /* its own: its callbacks wait for the reader */
    int file_descriptor;
    pthread_t thread;
    bool has_thread;
    struct host_visit visit;
    atomic_bool is_stopping;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t changed;
    char *validator;     /* of the bytes so far; NULL: none yet */
    uint64_t total_size; /* TRANSFER_SIZE_UNKNOWN until the server has told */
    uint64_t arrived;    /* bytes from the package's start on */
    uint64_t to_skip;    /* of what comes next: a server began anew */
    uint64_t wanted;     /* the reader waits for so many */
    uint64_t received;   /* in all, with what came twice */
    bool has_ended;
    struct error *error; /* why it ended early */
};

int package_stream_descriptor(const struct package_stream *stream)
{
    return stream->file_descriptor;
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

static struct error *check_response(struct package_stream *stream,
                                    const struct transfer_response *response)
{
    const char *url = stream->plan.url;

    if (response->total_size == TRANSFER_SIZE_UNKNOWN)
        return error_create(ERROR_UNSUPPORTED, url,
                            "the server does not say how long the package is, so it cannot be read "
                            "while it arrives; fetch it without --stream");
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

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct package_stream *stream = context;
    struct error *error;

    host_health_answered(&stream->visit);
    pthread_mutex_lock(&stream->mutex);
    error = check_response(stream, response);
    if (!error && !stream->validator) {
        stream->validator = strdup(response->validator);
        error = stream->validator ? NULL : error_out_of_memory();
    }
    if (!error) {
        stream->total_size = response->total_size;
        stream->to_skip = stream->arrived - response->first_byte;
        pthread_cond_broadcast(&stream->changed);
    }
    pthread_mutex_unlock(&stream->mutex);
    return error;
}

static bool is_cancelled(const struct package_stream *stream)
{
    return atomic_load(&stream->is_stopping) || retry_is_cancelled(stream->settings);
}

/* Waits until the reader has come near. */
static bool wait_for_reader(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    while (!is_cancelled(stream) && stream->arrived > stream->wanted + AHEAD_BYTES)
        condition_wait_briefly(&stream->changed, &stream->mutex);
    pthread_mutex_unlock(&stream->mutex);
    return !is_cancelled(stream);
}

static struct error *put(const struct package_stream *stream, const char *bytes, size_t length,
                         uint64_t offset)
{
    while (length > 0) {
        ssize_t count = pwrite(stream->file_descriptor, bytes, length, (off_t)offset);
        if (count < 0)
            return error_create_errno(errno, stream->plan.url, "cannot keep what arrives");
        bytes += count;
        offset += (uint64_t)count;
        length -= (size_t)count;
    }
    return NULL;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct package_stream *stream = context;
    size_t skipped = stream->to_skip < length ? (size_t)stream->to_skip : length;

    if (!wait_for_reader(stream))
        return error_create(ERROR_INCONCLUSIVE, stream->plan.url, "is not wanted any more");
    TRY(put(stream, (const char *)bytes + skipped, length - skipped, stream->arrived));
    pthread_mutex_lock(&stream->mutex);
    stream->to_skip -= skipped;
    stream->arrived += length - skipped;
    stream->received += length;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->mutex);
    return NULL;
}

static struct error *try_again_and_again(struct package_stream *stream,
                                         struct transfer_failure *failure)
{
    for (unsigned failed_tries = 1;; failed_tries++) {
        uint64_t before = stream->arrived;
        const struct transfer_request request = {
            .url = stream->plan.url,
            .first_byte = stream->arrived,
            .validator = stream->validator,
            .begin = begin,
            .receive = receive,
            .context = stream,
            .is_cancelled = &stream->is_stopping,
        };
        struct error *error = transfer_run(stream->engine, &request, failure);
        if (!error || !failure->is_transient || is_cancelled(stream))
            return error;
        if (stream->arrived > before + AHEAD_BYTES) {
            failed_tries = 1;
            host_health_note(stream->settings->host_health, stream->plan.url, false);
        }
        if (!retry_pause(stream->settings, stream->plan.url, error, failed_tries,
                         failure->wait_seconds))
            return error;
        error_destroy(error);
    }
}

static struct error *transfer_all(struct package_stream *stream)
{
    struct transfer_failure failure = {.has_answer = true};

    TRY(retry_enter(stream->settings, stream->plan.url, &stream->visit));
    struct error *error = try_again_and_again(stream, &failure);
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

/* What has been read is not needed again; without the call it would only take memory. */
static void drop_read(const struct package_stream *stream, uint64_t end_offset)
{
    if (end_offset > BEHIND_BYTES)
        fallocate(stream->file_descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                  (off_t)(end_offset - BEHIND_BYTES));
}

struct error *package_stream_wait(void *context, uint64_t end_offset)
{
    struct package_stream *stream = context;
    struct error *error = NULL;

    pthread_mutex_lock(&stream->mutex);
    if (end_offset > stream->wanted) {
        stream->wanted = end_offset;
        pthread_cond_broadcast(&stream->changed);
    }
    while (!stream->has_ended && stream->arrived < end_offset && !is_cancelled(stream))
        condition_wait_briefly(&stream->changed, &stream->mutex);
    if (stream->arrived < end_offset && is_cancelled(stream)) {
        atomic_store(&stream->is_stopping, true); /* which the transfer looks at */
        error = error_create(ERROR_INTERRUPTED, stream->plan.url, "is not wanted any more");
    } else if (stream->arrived < end_offset && stream->error) {
        error = stream->error;
        stream->error = error_create(error->code, error->where, "%s", error->why);
    }
    pthread_mutex_unlock(&stream->mutex);
    drop_read(stream, end_offset);
    return error;
}

static struct error *start_engine(const struct fetch_settings *settings,
                                  struct package_stream *stream)
{
    stream->file_descriptor = memfd_create("package", MFD_CLOEXEC);
    if (stream->file_descriptor < 0)
        return error_create_errno(errno, stream->plan.url, "cannot create a file in memory");
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
    stream->file_descriptor = -1;
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

static void stop(struct package_stream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    atomic_store(&stream->is_stopping, true);
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->mutex);
    if (stream->has_thread)
        pthread_join(stream->thread, NULL);
    transfer_engine_stop(stream->engine);
}

uint64_t package_stream_end(struct package_stream *stream)
{
    if (!stream)
        return 0;
    stop(stream);
    uint64_t received = stream->received;
    close_pointer(&stream->file_descriptor);
    pthread_mutex_destroy(&stream->mutex);
    pthread_cond_destroy(&stream->changed);
    fetch_plan_deinit(&stream->plan);
    error_destroy(stream->error);
    free(stream->public_url);
    free(stream->validator);
    free(stream);
    return received;
}
