/* SPDX-License-Identifier: MIT */
#include "base/system/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* More than libseccomp takes to make the filter. */
enum { FILTER_BYTES = 2 << 20 };

/* All that reading open files into memory with several threads takes. */
static const int allowed_calls[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fstat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(futex),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(pwrite64),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    /* 32-bit machines' names of the above. */
    SCMP_SYS(_llseek),
    SCMP_SYS(clock_gettime64),
    SCMP_SYS(clock_nanosleep_time64),
    SCMP_SYS(fstat64),
    SCMP_SYS(fstatat64),
    SCMP_SYS(ftruncate64),
    SCMP_SYS(futex_time64),
    SCMP_SYS(mmap2),
    SCMP_SYS(ppoll_time64),
};

/* Which of clone()'s arguments has the flags. */
#ifdef __s390x__
enum { CLONE_FLAGS_ARGUMENT = 1 };
#else
enum { CLONE_FLAGS_ARGUMENT = 0 };
#endif

static int create_landlock(const struct landlock_ruleset_attr *rules, size_t size, unsigned flags)
{
    return (int)syscall(SYS_landlock_create_ruleset, rules, size, flags);
}

static bool has_landlock(void)
{
    return create_landlock(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static bool has_filters(void)
{
    return prctl(PR_GET_SECCOMP) >= 0;
}

const char *sandbox_missing(void)
{
    if (has_filters())
        return has_landlock() ? NULL : "Landlock";
    return has_landlock() ? "seccomp" : "seccomp and Landlock";
}

/* No rule is added: nothing of what is named here is allowed below any directory. */
static struct error *close_file_system(void)
{
    const struct landlock_ruleset_attr rules = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM,
    };
    int ruleset = create_landlock(&rules, sizeof(rules), 0);

    if (ruleset < 0)
        return error_create_errno(errno, NULL, "cannot shut itself off from files");
    int result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
    int reason = errno;
    close(ruleset);
    return result == 0 ? NULL
                       : error_create_errno(reason, NULL, "cannot shut itself off from files");
}

/* A machine that lacks a call does not need a rule for it. */
static int allow(scmp_filter_ctx filter, int call)
{
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);

    return result == -EDOM || result == -EINVAL ? 0 : result;
}

/* Threads, but no processes. What clone3() is asked for cannot be looked at; without it the C
 * library uses clone(). */
static int allow_threads(scmp_filter_ctx filter)
{
    int result = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
        SCMP_CMP(CLONE_FLAGS_ARGUMENT, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return result;
}

static struct scmp_arg_cmp argument_is(unsigned index, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){.arg = index, .op = SCMP_CMP_EQ, .datum_a = value};
}

/* The C library asks for limits when it starts a thread; they cannot be set any more. */
static int allow_asking_for_limits(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, argument_is(2, 0));
}

/* Not those by which others are signalled when something can be read of a file. */
static int allow_asking_for_flags(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(fcntl), SCMP_SYS(fcntl64)};
    static const int commands[] = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC};
    int result = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(calls); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(commands) && result == 0; j++) {
            result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1,
                                      argument_is(1, (scmp_datum_t)commands[j]));
            if (result == -EDOM || result == -EINVAL)
                result = 0;
        }
    }
    return result;
}

/* It may end itself, and nobody else. */
static int allow_ending_itself(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            argument_is(0, (scmp_datum_t)getpid()));
}

/* libseccomp 2.5 crashes where memory runs out, so it is asked only where there is some. */
static struct error *check_memory(void)
{
    void *memory = mmap(NULL, FILTER_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return error_out_of_memory();
    munmap(memory, FILTER_BYTES);
    return NULL;
}

/* A call that is not allowed fails: some libraries ask for what they can do without. */
static struct error *filter_calls(void)
{
    TRY(check_memory());
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int result = filter ? allow_threads(filter) : -ENOMEM;

    if (result == 0)
        result = allow_asking_for_limits(filter);
    if (result == 0)
        result = allow_ending_itself(filter);
    if (result == 0)
        result = allow_asking_for_flags(filter);
    for (size_t i = 0; i < ARRAY_LENGTH(allowed_calls) && result == 0; i++)
        result = allow(filter, allowed_calls[i]);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result == 0 ? NULL : error_create_errno(-result, NULL, "cannot filter its system calls");
}

struct error *sandbox_enter(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_create_errno(errno, NULL, "cannot give up privileges");
    if (has_landlock())
        TRY(close_file_system());
    return has_filters() ? filter_calls() : NULL;
}
