/* SPDX-License-Identifier: MIT */
/*
 * A fault at a certain moment, to put into LD_PRELOAD. KSTRUCT_FAULT is
 * PROCESS:CALL:TEXT:NUMBER:WHAT: in that process (`run`, or `child`, which reads a kernel), at the
 * NUMBERth CALL (open, read, write, rename, or any of them) for a file that has TEXT in its path,
 * the signal WHAT, such as TERM, comes to the run, or with WHAT as KILL-GROUP to its whole group;
 * or that call and all later ones fail with WHAT, such as ENOSPC. With WHAT as COUNT each such call
 * adds a byte to the file that KSTRUCT_FAULT_COUNT names.
 *
 * KSTRUCT_CLOCK is how many seconds later the program takes it to be.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

enum { WORD_LENGTH = 256, TURNS_MAXIMUM = 10000 };

/* Found out at once: a process that reads a kernel cannot open anything later on. */
static bool is_child;

__attribute__((constructor)) static void find_role(void)
{
    char words[4096];
    long file = syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    long count = syscall(SYS_read, file, words, sizeof(words));

    syscall(SYS_close, file);
    is_child = count > 0 && memmem(words, (size_t)count, "child-of-kstruct", 16);
}

static int number_of(const char *what)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {{"TERM", SIGTERM}, {"KILL", SIGKILL}, {"STOP", SIGSTOP}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].name, what) == 0)
            return names[i].number;
    }
    return 0;
}

static void count_call(void)
{
    const char *path = getenv("KSTRUCT_FAULT_COUNT");
    long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);

    syscall(SYS_write, file, ".", 1);
    syscall(SYS_close, file);
}

/* Sends it, and waits until the run has taken it: else the run may be over first. */
static void send(int number)
{
    const struct timespec wait = {0, 1000000};
    sigset_t pending;

    if (is_child) {
        kill(getppid(), number);
        return;
    }
    kill(getpid(), number);
    for (int i = 0; i < TURNS_MAXIMUM; i++) {
        syscall(SYS_nanosleep, &wait, NULL);
        sigpending(&pending);
        if (sigismember(&pending, number) != 1)
            break;
    }
    syscall(SYS_nanosleep, &wait, NULL);
}

/* 0, or the errno with which the call has to fail. */
static int fault_at(const char *call, const char *path)
{
    static atomic_int count;
    const char *fault = getenv("KSTRUCT_FAULT");
    char process[WORD_LENGTH];
    char wanted_call[WORD_LENGTH];
    char text[WORD_LENGTH];
    char what[WORD_LENGTH];
    int wanted;

    if (!fault || sscanf(fault, "%255[^:]:%255[^:]:%255[^:]:%d:%255s", process, wanted_call, text,
                         &wanted, what) != 5)
        return 0;
    if ((strcmp(call, wanted_call) != 0 && strcmp(wanted_call, "any") != 0) ||
        !strstr(path, text) || (strcmp(process, "child") == 0) != is_child)
        return 0;
    if (strcmp(what, "COUNT") == 0)
        count_call();
    int number = ++count;
    if (number == wanted && strcmp(what, "KILL-GROUP") == 0)
        kill(0, SIGKILL);
    if (number == wanted && number_of(what))
        send(number_of(what));
    if (number >= wanted && strcmp(what, "ENOSPC") == 0)
        return ENOSPC;
    return number >= wanted && strcmp(what, "EIO") == 0 ? EIO : 0;
}

static int fault_at_file(const char *call, int file)
{
    char link[64];
    char path[4096];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof(path) - 1);
    path[length > 0 ? length : 0] = '\0';
    return fault_at(call, path);
}

static int failed(int reason)
{
    errno = reason;
    return -1;
}

static int open_at(int directory, const char *path, int flags, unsigned mode)
{
    int reason = fault_at("open", path);

    return reason ? failed(reason) : (int)syscall(SYS_openat, directory, path, flags, mode);
}

static unsigned mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, unsigned) : 0;
}

#define OPEN(name)                                                                                 \
    VISIBLE int name(const char *path, int flags, ...)                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return open_at(AT_FDCWD, path, flags, mode);                                               \
    }

#define OPEN_AT(name)                                                                              \
    VISIBLE int name(int directory, const char *path, int flags, ...)                              \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return open_at(directory, path, flags, mode);                                              \
    }

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int openat(int directory, const char *path, int flags, ...);
int openat64(int directory, const char *path, int flags, ...);
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)

VISIBLE ssize_t pread64(int file, void *bytes, size_t count, off64_t offset)
{
    int reason = fault_at_file("read", file);

    return reason ? failed(reason) : syscall(SYS_pread64, file, bytes, count, offset);
}

VISIBLE ssize_t write(int file, const void *bytes, size_t count)
{
    int reason = fault_at_file("write", file);

    return reason ? failed(reason) : syscall(SYS_write, file, bytes, count);
}

VISIBLE ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset)
{
    int reason = fault_at_file("write", file);

    return reason ? failed(reason) : syscall(SYS_pwrite64, file, bytes, count, offset);
}

VISIBLE int rename(const char *from, const char *to)
{
    int reason = fault_at("rename", to);

    return reason ? failed(reason) : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* --- The clock */

static long clock_offset(void)
{
    const char *seconds = getenv("KSTRUCT_CLOCK");

    return seconds ? atol(seconds) : 0;
}

VISIBLE int clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);

    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += clock_offset();
    return (int)result;
}

VISIBLE int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;

    clock_gettime(CLOCK_REALTIME, &exact);
    *now = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    return 0;
}

VISIBLE time_t time(time_t *now)
{
    struct timespec exact;

    clock_gettime(CLOCK_REALTIME, &exact);
    if (now)
        *now = exact.tv_sec;
    return exact.tv_sec;
}
