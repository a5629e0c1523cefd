/* SPDX-License-Identifier: MIT */
#include "run/child/arrival_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/system/file.h"

enum { REPLY_HERE = 1, REPLY_FAILED = 2 };

static void close_now(int *file_descriptor)
{
    close_pointer(file_descriptor);
    *file_descriptor = -1;
}

/* false: the other side has ended. */
static bool read_number(int file_descriptor, uint64_t *number)
{
    ssize_t count;

    /* So few bytes are written to a pipe, and read from it, all at once. */
    do
        count = read(file_descriptor, number, sizeof(*number));
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof(*number);
}

static bool write_number(int file_descriptor, uint64_t number)
{
    ssize_t count;

    do
        count = write(file_descriptor, &number, sizeof(number));
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof(number);
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
    uint64_t end_offset;

    block_sigpipe();
    while (!relay->error && read_number(relay->requests, &end_offset)) {
        atomic_store(&relay->is_waiting, true);
        relay->error = package_stream_wait(relay->stream, end_offset);
        atomic_store(&relay->is_waiting, false);
        if (!write_number(relay->replies, relay->error ? REPLY_FAILED : REPLY_HERE))
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
        .ends = {-1, -1, package_stream_total_size(stream)},
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

struct error *arrival_relay_wait(void *context, uint64_t end_offset)
{
    const struct arrival_ends *ends = context;
    uint64_t reply;

    if (!write_number(ends->requests, end_offset) || !read_number(ends->replies, &reply) ||
        reply != REPLY_HERE)
        return error_create(ERROR_INCONCLUSIVE, NULL, "the package does not arrive");
    return NULL;
}
