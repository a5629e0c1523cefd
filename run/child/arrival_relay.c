/* SPDX-License-Identifier: MIT */
#include "run/child/arrival_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/system/file.h"
#include "extract/byte_range.h"

enum reply { REPLY_HERE = 1, REPLY_FAILED = 2 };

static void close_now(int *file_descriptor)
{
    close_pointer(file_descriptor);
    *file_descriptor = -1;
}

/* false: the other side has ended. */
static bool read_message(int file_descriptor, void *message, size_t byte_size)
{
    ssize_t count;

    /* So few bytes are written to a pipe, and read from it, all at once. */
    do
        count = read(file_descriptor, message, byte_size);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)byte_size;
}

static bool write_message(int file_descriptor, const void *message, size_t byte_size)
{
    ssize_t count;

    do
        count = write(file_descriptor, message, byte_size);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)byte_size;
}

/* A reader that has ended must not end this process, too. */
static void block_sigpipe(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static void *relay_all(void *argument)
{
    struct arrival_relay *relay = argument;
    struct package_part part;

    block_sigpipe();
    while (read_message(relay->requests, &part, sizeof(part))) {
        atomic_store(&relay->is_waiting, true);
        /* A reader that asks on after a failure is answered, too. */
        if (!relay->error)
            relay->error = package_stream_wait(relay->stream, &part);
        atomic_store(&relay->is_waiting, false);
        enum reply reply = relay->error ? REPLY_FAILED : REPLY_HERE;
        if (!write_message(relay->replies, &reply, sizeof(reply)))
            break;
    }
    return NULL;
}

static struct error *open_pipe(int *read_end, int *write_end)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_create_errno(errno, NULL, "cannot create a pipe");
    *read_end = ends[0];
    *write_end = ends[1];
    return NULL;
}

struct error *arrival_relay_begin(struct package_stream *stream, struct arrival_relay *relay)
{
    *relay = (struct arrival_relay){
        .stream = stream,
        .ends = {-1, -1, package_stream_total_size(stream), package_stream_has_ranges(stream)},
        .requests = -1,
        .replies = -1,
    };
    TRY(open_pipe(&relay->requests, &relay->ends.requests));
    TRY(open_pipe(&relay->ends.replies, &relay->replies));
    int reason = pthread_create(&relay->thread, NULL, relay_all, relay);
    if (reason != 0)
        return error_create_errno(reason, NULL, "cannot start a thread");
    relay->has_thread = true;
    return NULL;
}

struct error *arrival_relay_end(struct arrival_relay *relay)
{
    /* The thread reads to the end of the requests, which is there when nobody can write them. */
    close_now(&relay->ends.requests);
    if (relay->has_thread)
        pthread_join(relay->thread, NULL);
    close_now(&relay->ends.replies);
    close_now(&relay->requests);
    close_now(&relay->replies);
    return relay->error;
}

static struct error *wait_and_read(const struct arrival_reader *reader,
                                   const struct package_part *part, void *bytes, size_t *length_ret)
{
    const struct arrival_ends *ends = &reader->ends;
    const struct byte_source source = {.file_descriptor = reader->file_descriptor,
                                       .path = reader->path};
    enum reply reply;

    if (!write_message(ends->requests, part, sizeof(*part)) ||
        !read_message(ends->replies, &reply, sizeof(reply)) || reply != REPLY_HERE)
        return error_create(ERROR_INCONCLUSIVE, NULL, "the package does not arrive");
    return bytes_read_at(&source, part->start_offset, bytes,
                         (size_t)(part->end_offset - part->start_offset), length_ret);
}

struct error *arrival_reader_read(void *context, uint64_t byte_offset, void *bytes, size_t length,
                                  uint64_t likely_end, size_t *length_ret)
{
    struct arrival_reader *reader = context;
    uint64_t total = reader->ends.total_size;
    uint64_t left = byte_offset < total ? total - byte_offset : 0;
    uint64_t end = byte_offset + (length < left ? length : left);
    const struct package_part part = {byte_offset, end, likely_end};

    *length_ret = 0;
    if (end == byte_offset)
        return NULL;
    /* What arrives next takes the place of what is here: others wait until it has been read. */
    pthread_mutex_lock(&reader->mutex);
    struct error *error = wait_and_read(reader, &part, bytes, length_ret);
    pthread_mutex_unlock(&reader->mutex);
    return error;
}
