/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analyze/analyze.h"
#include "cli/kernel_child.h"
#include "cli/kernel_input.h"

enum { OPEN_FILES_MAXIMUM = 256 };

/* The words of the command line behind the command's name. */
enum {
    WORD_KERNEL = 1,
    WORD_PACKAGE,
    WORD_DATASET,
    WORD_JOBS,
    WORD_MEMORY,
    WORD_SECONDS,
    WORD_PARENT,
    WORD_ARRIVAL,
    WORD_COUNT,
};

static struct error *limit(int resource, uint64_t maximum)
{
    const struct rlimit wanted = {maximum, maximum};
    struct rlimit there;

    /* A stricter limit that holds already cannot be raised, and need not be. */
    if (getrlimit(resource, &there) == 0 && there.rlim_max < maximum)
        return NULL;
    if (setrlimit(resource, &wanted) != 0)
        return error_create_errno(errno, NULL, "cannot limit itself");
    return NULL;
}

/* What ends the parent at a safe point often comes to the whole group of processes: from a
 * terminal, or from systemd. A child that it ended would look like one that crashed; so the parent
 * ends it. */
static void leave_signals_to_parent(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

/* Nothing is left behind when the parent is killed, also if it was before this. */
static struct error *die_with(long parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return error_create_errno(errno, NULL, "cannot tie itself to its parent");
    if (getppid() != parent)
        raise(SIGKILL);
    return NULL;
}

static struct error *limit_itself(uint64_t memory, uint64_t seconds, unsigned jobs)
{
    TRY(limit(RLIMIT_CORE, 0));
    TRY(limit(RLIMIT_NOFILE, OPEN_FILES_MAXIMUM));
    TRY(limit(RLIMIT_CPU, seconds * jobs));
    /* Sanitizers reserve more than any limit would leave. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    TRY(limit(RLIMIT_AS, memory));
#else
    (void)memory;
#endif
    return NULL;
}

static struct error *store(const char *path, const char *name, const struct kernel_layouts *layouts)
{
    const struct kernel_source source = {.name = name,
                                         .package = "",
                                         .package_version = "",
                                         .url = "",
                                         .sha256 = "",
                                         .source = "",
                                         .reader = KSTRUCT_VERSION,
                                         .reader_revision = ANALYZE_REVISION};
    struct dataset *dataset = NULL;

    TRY(dataset_open(path, DATASET_WRITE, &dataset));
    struct error *error = dataset_store(dataset, &source, layouts);
    dataset_close(dataset);
    return error;
}

/* A package that arrives, and how long reading it may take from one part to the next. */
struct timed_arrival {
    struct arrival_ends ends;
    unsigned seconds;
};

/* The process is ended by SIGALRM when it takes too long; but not while it waits. */
static struct error *wait_untimed(void *context, uint64_t end_offset)
{
    struct timed_arrival *timed = context;

    alarm(0);
    struct error *error = arrival_relay_wait(&timed->ends, end_offset);
    alarm(timed->seconds);
    return error;
}

static struct error *read_kernel(char **words, unsigned jobs, struct kernel_layouts *layouts_ret)
{
    struct timed_arrival timed = {.seconds = (unsigned)strtoul(words[WORD_SECONDS], NULL, 10)};
    struct arrival_ends *ends = &timed.ends;

    if (words[WORD_ARRIVAL][0] == '\0')
        return kernel_input_read(words[WORD_PACKAGE], jobs, layouts_ret);
    if (sscanf(words[WORD_ARRIVAL], KERNEL_CHILD_ARRIVAL_READ, &ends->package, &ends->requests,
               &ends->replies, &ends->total_size) != 4)
        return cli_usage_error("", "%s is for kstruct's own use", KERNEL_CHILD_COMMAND);
    const struct extract_arrival arrival = {
        .total_size = ends->total_size, .wait = wait_untimed, .context = &timed};
    return kernel_input_read_arriving(ends->package, words[WORD_PACKAGE], &arrival, jobs,
                                      layouts_ret);
}

static struct error *read_and_store(char **words)
{
    unsigned jobs = (unsigned)strtoul(words[WORD_JOBS], NULL, 10);
    struct kernel_layouts layouts;

    leave_signals_to_parent();
    TRY(die_with(strtol(words[WORD_PARENT], NULL, 10)));
    TRY(limit_itself(strtoull(words[WORD_MEMORY], NULL, 10),
                     strtoull(words[WORD_SECONDS], NULL, 10), jobs));
    TRY(read_kernel(words, jobs, &layouts));
    struct error *error = store(words[WORD_DATASET], words[WORD_KERNEL], &layouts);
    kernel_layouts_deinit(&layouts);
    return error;
}

/* Tells the parent what went wrong: a line each for kind, place, offset and reason. */
static struct error *run(struct cli *cli UNUSED, int argc, char **argv, enum exit_status *status)
{
    if (argc != WORD_COUNT)
        return cli_usage_error("", "%s is for kstruct's own use", KERNEL_CHILD_COMMAND);
    struct error *error = read_and_store(argv);
    if (!error)
        return NULL;
    printf("%s\n%s\n%" PRIu64 "\n%s\n", error_code_text(error->code),
           error->where ? error->where : "", error->offset, error->why);
    error_destroy(error);
    *status = STATUS_FAILED;
    return NULL;
}

const struct command command_kernel_child = {
    .name = KERNEL_CHILD_COMMAND,
    .summary = "",
    .usage = "",
    .run = run,
};
