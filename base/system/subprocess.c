/* SPDX-License-Identifier: MIT */
#include "base/system/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/system/clock.h"
#include "base/system/file.h"

/* What a program gets for its input. */
#define NOTHING_TO_READ "/dev/null"

/* Where a program finds itself. */
#define PROCESSES "/proc"

/* One of the program's two outputs. */
struct stream {
    int read_end; /* -1 once it has ended */
    int write_end;
    struct buffer *bytes;
};

struct streams {
    struct stream output;
    struct stream messages;
};

static void streams_deinit(struct streams *streams)
{
    close_pointer(&streams->output.read_end);
    close_pointer(&streams->output.write_end);
    close_pointer(&streams->messages.read_end);
    close_pointer(&streams->messages.write_end);
}

static void close_now(int *file_descriptor)
{
    close_pointer(file_descriptor);
    *file_descriptor = -1;
}

static struct error *stream_open(struct stream *stream)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_create_errno(errno, NULL, "cannot create a pipe");
    stream->read_end = ends[0];
    stream->write_end = ends[1];
    return NULL;
}

/* The caller's environment, whose strings stay its own, in the C locale: texts are looked at. */
static char **c_locale_environment(void)
{
    static char c_locale[] = "LC_ALL=C";
    size_t count = 0;
    size_t kept = 0;

    while (environ[count])
        count++;
    char **environment = calloc(count + 2, sizeof(*environment));
    if (!environment)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environ[i], "LC_ALL=", 7) != 0 && strncmp(environ[i], "LANGUAGE=", 9) != 0)
            environment[kept++] = environ[i];
    }
    environment[kept] = c_locale;
    return environment;
}

/* Signals that the caller blocks or ignores must end the program as usual; the process that it
 * becomes leads a group of its own. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t defaults;

    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    int reason = posix_spawnattr_setsigmask(attributes, &none);
    if (reason == 0)
        reason = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (reason == 0)
        reason = posix_spawnattr_setpgroup(attributes, 0);
    if (reason == 0)
        reason = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return reason;
}

static int set_files(posix_spawn_file_actions_t *actions, int input, int output, int messages,
                     const struct subprocess_limits *limits)
{
    int reason = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);

    if (reason == 0)
        reason = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (reason == 0)
        reason = posix_spawn_file_actions_adddup2(actions, messages, STDERR_FILENO);
    /* To itself: then it is not closed. */
    for (size_t i = 0; i < limits->inherited_count && reason == 0; i++)
        reason =
            posix_spawn_file_actions_adddup2(actions, limits->inherited[i], limits->inherited[i]);
    return reason;
}

/* posix_spawn() wants its words writable, though it does not write to them. */
static char *const *as_writable(const char *const *arguments)
{
    union {
        const char *const *constant;
        char *const *writable;
    } words = {.constant = arguments};

    return words.writable;
}

static struct error *start(const char *const *arguments, int output, int messages,
                           const struct subprocess_limits *limits, pid_t *ret)
{
    CLEANUP(close_pointer) int nothing = open(NOTHING_TO_READ, O_RDONLY | O_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    if (nothing < 0)
        return error_create_errno(errno, NOTHING_TO_READ, "cannot open");
    char **environment = c_locale_environment();
    if (!environment)
        return error_out_of_memory();
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int reason = set_files(&actions, nothing, output, messages, limits);
    if (reason == 0)
        reason = set_attributes(&attributes);
    if (reason == 0)
        reason = posix_spawnp(ret, arguments[0], &actions, &attributes, as_writable(arguments),
                              environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    if (reason == ENOENT && strncmp(arguments[0], PROCESSES, strlen(PROCESSES)) == 0)
        return error_create(ERROR_SYSTEM, PROCESSES, "is not mounted, and needed to run %s",
                            arguments[0]);
    if (reason == ENOENT)
        return error_create(ERROR_NOT_FOUND, arguments[0], "there is no such program here");
    return reason ? error_create_errno(reason, arguments[0], "cannot run") : NULL;
}

/* Also where it has begun already: what it asks for from now on counts. */
static struct error *limit_memory(pid_t process, const struct subprocess_limits *limits)
{
    const struct rlimit wanted = {limits->memory_bytes, limits->memory_bytes};

    if (limits->memory_bytes == 0 || HAS_SANITIZER)
        return NULL;
    /* One that has ended needs no limit. A stricter limit that holds already stays. */
    if (prlimit(process, RLIMIT_AS, &wanted, NULL) != 0 && errno != ESRCH && errno != EPERM)
        return error_create_errno(errno, NULL, "cannot limit its memory");
    return NULL;
}

static int64_t now_milliseconds(void)
{
    return clock_microseconds() / MICROSECONDS_PER_MILLISECOND;
}

static struct error *read_some(struct stream *stream)
{
    char bytes[65536];
    ssize_t count = read(stream->read_end, bytes, sizeof(bytes));

    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return NULL;
    if (count < 0)
        return error_create_errno(errno, NULL, "cannot read its output");
    if (count == 0)
        close_now(&stream->read_end);
    else
        buffer_append(stream->bytes, bytes, (size_t)count);
    if (stream->bytes->has_failed && stream->bytes->failure == ERROR_LIMIT)
        return error_create(ERROR_LIMIT, NULL, "its output is longer than the %zu bytes allowed",
                            stream->bytes->maximum);
    return buffer_check(stream->bytes, NULL);
}

/* No wait is longer than this: so often it is looked whether the program may go on. */
enum { LOOK_MILLISECONDS = 100 };

/* A program that runs. */
struct run {
    pid_t process;
    bool has_ended; /* and so has its group */
    const struct subprocess_limits *limits;
    int64_t used_milliseconds;
    int64_t looked_at; /* milliseconds of the monotonic clock */
};

/* What goes by between two looks counts, unless it is so much that this process must have been
 * stopped in between. */
static void count_time(struct run *run)
{
    const int64_t most = INT64_C(20) * LOOK_MILLISECONDS;
    int64_t now = now_milliseconds();
    int64_t passed = now - run->looked_at;

    run->looked_at = now;
    if (!run->limits->is_paused || !atomic_load(run->limits->is_paused))
        run->used_milliseconds += passed < most ? passed : LOOK_MILLISECONDS;
}

/* Is the program not to go on? */
static struct error *check_limits(struct run *run)
{
    const struct subprocess_limits *limits = run->limits;

    count_time(run);
    if (run->used_milliseconds >= (int64_t)limits->timeout_seconds * 1000)
        return error_create(ERROR_LIMIT, NULL, "does not end within %u s", limits->timeout_seconds);
    if (limits->is_cancelled && atomic_load(limits->is_cancelled))
        return error_create(ERROR_INTERRUPTED, NULL, "is not to go on");
    return NULL;
}

/* While the program is not waited for, the group's number is nobody else's. */
static void kill_group(const struct run *run)
{
    kill(-run->process, SIGKILL);
}

/* Has the program ended? Then what it started goes, too, which might hold its outputs open. */
static bool look_for_end(struct run *run)
{
    siginfo_t ended = {0};

    if (!run->has_ended &&
        waitid(P_PID, (id_t)run->process, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid == run->process) {
        run->has_ended = true;
        kill_group(run);
    }
    return run->has_ended;
}

static struct error *read_streams(struct streams *streams, struct run *run)
{
    while (streams->output.read_end >= 0 || streams->messages.read_end >= 0) {
        struct pollfd waits[] = {
            {.fd = streams->output.read_end, .events = POLLIN},
            {.fd = streams->messages.read_end, .events = POLLIN},
        };

        TRY(check_limits(run));
        int ready = poll(waits, ARRAY_LENGTH(waits), LOOK_MILLISECONDS);
        if (ready < 0 && errno != EINTR)
            return error_create_errno(errno, NULL, "cannot wait for its output");
        if (ready > 0 && waits[0].revents)
            TRY(read_some(&streams->output));
        if (ready > 0 && waits[1].revents)
            TRY(read_some(&streams->messages));
        if (ready <= 0)
            look_for_end(run);
    }
    return NULL;
}

/* A program may close its outputs and live on: the limits hold for that, too. Most have ended a
 * moment after they closed them. */
static struct error *wait_within(struct run *run)
{
    for (int nap = 1; !look_for_end(run);) {
        TRY(check_limits(run));
        const struct timespec delay = {0, nap * 1000000L};
        nanosleep(&delay, NULL);
        nap = nap * 2 < LOOK_MILLISECONDS ? nap * 2 : LOOK_MILLISECONDS;
    }
    return NULL;
}

static int wait_for(pid_t process)
{
    int status = 0;

    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* How much of what a program says about itself is wanted at most. */
enum { MESSAGES_MAXIMUM = 1024 * 1024 };

struct error *subprocess_run(const char *const *arguments, const struct subprocess_limits *limits,
                             struct subprocess_result *ret)
{
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    CLEANUP(streams_deinit)
    struct streams streams = {{-1, -1, &result.output}, {-1, -1, &result.messages}};
    struct run run = {.limits = limits, .looked_at = now_milliseconds()};
    size_t maximum = limits->maximum_bytes;

    buffer_init(&result.output, maximum);
    buffer_init(&result.messages, maximum < MESSAGES_MAXIMUM ? maximum : MESSAGES_MAXIMUM);
    TRY(stream_open(&streams.output));
    TRY(stream_open(&streams.messages));
    TRY(start(arguments, streams.output.write_end, streams.messages.write_end, limits,
              &run.process));
    close_now(&streams.output.write_end);
    close_now(&streams.messages.write_end);
    struct error *error = limit_memory(run.process, limits);
    if (!error)
        error = read_streams(&streams, &run);
    if (!error)
        error = wait_within(&run);
    if (error)
        kill_group(&run);
    result.exit_status = wait_for(run.process);
    if (error)
        return error_locate(error, arguments[0]);
    *ret = result;
    result = (struct subprocess_result){0};
    return NULL;
}

void subprocess_result_deinit(struct subprocess_result *result)
{
    buffer_deinit(&result->output);
    buffer_deinit(&result->messages);
}
