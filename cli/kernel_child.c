/* SPDX-License-Identifier: MIT */
#include "cli/kernel_child.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/subprocess.h"
#include "dataset/dataset.h"

enum {
    OUTPUT_MAXIMUM = 1024 * 1024,
    NUMBER_LENGTH = 24,
    ARRIVAL_END_COUNT = 3,
    ARRIVAL_SECONDS = 24 * 60 * 60,
};

/* The program that runs, also when its file was replaced by a newer one since. */
#define THIS_PROGRAM "/proc/self/exe"

/* In the data directory: what children have read and nobody has taken yet. */
#define WORK_DIRECTORY "work"

/* Where the child puts what it reads. */
struct exchange {
    char *directory;
    char *path;
};

static void exchange_end(struct exchange *exchange)
{
    if (exchange->path)
        dataset_remove(exchange->path);
    free(exchange->path);
    free(exchange->directory);
}

struct error *kernel_child_clean_up(struct cli *cli)
{
    CLEANUP(free_pointer) char *directory = NULL;
    struct dirent *entry;

    TRY(cli_data_path(cli, WORK_DIRECTORY, &directory));
    DIR *listing = opendir(directory);
    /* What cannot be removed is in nobody's way. */
    while (listing && (entry = readdir(listing)))
        unlinkat(dirfd(listing), entry->d_name, 0);
    if (listing)
        closedir(listing);
    return NULL;
}

static struct error *exchange_begin(struct cli *cli, const char *kernel_name,
                                    struct exchange *exchange)
{
    TRY(cli_data_path(cli, WORK_DIRECTORY, &exchange->directory));
    TRY(directory_create(exchange->directory));
    if (asprintf(&exchange->path, "%s/%s.%ld.db", exchange->directory, kernel_name,
                 (long)getpid()) < 0) {
        exchange->path = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

/* Cuts the line that TEXT begins with off, and returns what is behind it. */
static char *cut_line(char *text)
{
    char *end = strchrnul(text, '\n');

    if (*end == '\0')
        return end;
    *end = '\0';
    return end + 1;
}

/* What the child said: its error's code, place, offset and reason, a line each. */
static struct error *told_error(const struct subprocess_result *result, const char *path)
{
    CLEANUP(free_pointer) char *code = strdup(buffer_text(&result->output));

    if (!code)
        return error_out_of_memory();
    char *where = cut_line(code);
    char *offset = cut_line(where);
    char *why = cut_line(offset);
    cut_line(why);
    if (why[0] == '\0')
        return error_create(ERROR_CRASHED, path,
                            "the process that reads it ended with status %d and without a word: "
                            "%.200s",
                            result->exit_status, buffer_text(&result->messages));
    if (error_code_from_text(code) == ERROR_OUT_OF_MEMORY)
        return error_create(ERROR_LIMIT, path,
                            "the process that reads it ran out of memory: it takes more than it is "
                            "given (child_memory, memory), or than there is");
    return error_create_at(error_code_from_text(code), where[0] ? where : path,
                           strtoull(offset, NULL, 10), "%s", why);
}

static struct error *outcome(const struct kernel_child *child,
                             const struct subprocess_result *result)
{
    int number = result->exit_status - 128;

    if (result->exit_status == STATUS_DONE)
        return NULL;
    if (number == SIGXCPU || number == SIGALRM || number == SIGKILL)
        return error_create(ERROR_LIMIT, child->package_path,
                            "the process that reads it was ended by signal %d (%s): it took more "
                            "time or memory than it is given (child_time, child_memory, memory)",
                            number, strsignal(number));
    if (number > 0)
        return error_create(ERROR_CRASHED, child->package_path,
                            "the process that reads it was ended by signal %d (%s)%s%.200s", number,
                            strsignal(number), result->messages.length > 0 ? ": " : "",
                            buffer_text(&result->messages));
    return told_error(result, child->package_path);
}

static struct error *run(const struct kernel_child *child, const char *exchange_path)
{
    CLEANUP(subprocess_result_deinit) struct subprocess_result result = {0};
    const struct settings *settings = &child->cli->settings;
    char jobs[NUMBER_LENGTH];
    char memory[NUMBER_LENGTH];
    char seconds[NUMBER_LENGTH];
    char parent[NUMBER_LENGTH];
    char arrival[4 * NUMBER_LENGTH] = "";
    const char *const words[] = {THIS_PROGRAM,
                                 KERNEL_CHILD_COMMAND,
                                 child->kernel_name,
                                 child->package_path,
                                 exchange_path,
                                 jobs,
                                 memory,
                                 seconds,
                                 parent,
                                 arrival,
                                 NULL};
    int inherited[ARRIVAL_END_COUNT];
    /* The child ends itself before; this is for one that cannot. How long a package takes to arrive
     * does not count: the child looks to the time between its parts. */
    struct subprocess_limits limits = {
        .maximum_bytes = OUTPUT_MAXIMUM,
        .timeout_seconds = child->arrival ? ARRIVAL_SECONDS : settings->child_seconds,
        .is_cancelled = child->is_cancelled,
        .inherited = inherited,
    };

    snprintf(jobs, sizeof(jobs), "%u", child->jobs);
    snprintf(memory, sizeof(memory), "%" PRIu64, child->memory_bytes);
    snprintf(seconds, sizeof(seconds), "%u", settings->child_seconds);
    snprintf(parent, sizeof(parent), "%ld", (long)getpid());
    if (child->arrival) {
        const struct arrival_ends *ends = child->arrival;
        inherited[limits.inherited_count++] = ends->package;
        inherited[limits.inherited_count++] = ends->requests;
        inherited[limits.inherited_count++] = ends->replies;
        snprintf(arrival, sizeof(arrival), KERNEL_CHILD_ARRIVAL, ends->package, ends->requests,
                 ends->replies, ends->total_size);
    }
    struct error *error = subprocess_run(words, &limits, &result);
    if (error && error->code == ERROR_LIMIT) {
        error_destroy(error);
        return error_create(ERROR_LIMIT, child->package_path,
                            "reading it took more than %u s (child_time) and was given up",
                            limits.timeout_seconds);
    }
    TRY(error);
    return outcome(child, &result);
}

static struct error *load(const char *path, const char *kernel_name,
                          struct kernel_layouts *layouts_ret)
{
    struct dataset *dataset = NULL;

    TRY(dataset_open(path, DATASET_READ, &dataset));
    struct error *error = dataset_load(dataset, kernel_name, NULL, layouts_ret);
    dataset_close(dataset);
    return error;
}

struct error *kernel_child_read(const struct kernel_child *child,
                                struct kernel_layouts *layouts_ret)
{
    CLEANUP(exchange_end) struct exchange exchange = {0};

    TRY(exchange_begin(child->cli, child->kernel_name, &exchange));
    TRY(run(child, exchange.path));
    return load(exchange.path, child->kernel_name, layouts_ret);
}
