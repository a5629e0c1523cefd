/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "cli/cli.h"
#include "cli/fetching.h"
#include "cli/pattern_resolution.h"

static const char usage[] =
    "usage: kstruct fetch [KERNEL…]\n"
    "\n"
    "Finds, downloads and verifies the packages of the list's kernels, or of those named, and\n"
    "prints their paths.\n";

/* The packages of some of the list's kernels, fetched several at once. */
struct fetch_job {
    const struct fetching *fetching;
    const struct kernel_list *list;
    const size_t *indexes; /* of the list's entries */
    struct fetched_package *packages;
    struct error **failures;
};

/* A failure of one is kept; it does not end the others. */
static struct error *fetch_one(void *context, unsigned worker UNUSED, size_t number)
{
    struct fetch_job *job = context;
    const struct kernel_entry *entry = &job->list->entries[job->indexes[number]];

    job->failures[number] =
        error_locate(fetching_run(job->fetching, entry, &job->packages[number]), entry->name.text);
    return NULL;
}

static struct error *print_path(const struct fetched_package *package)
{
    TRY(cli_print(package->path, strlen(package->path)));
    return cli_print("\n", 1);
}

/* Paths and failures in the list's order. */
static struct error *tell(struct cli *cli, const struct fetch_job *job, size_t count,
                          size_t *failed_ret)
{
    for (size_t i = 0; i < count; i++) {
        if (job->failures[i]) {
            log_error(&cli->log, job->failures[i]);
            (*failed_ret)++;
        } else {
            TRY(print_path(&job->packages[i]));
        }
    }
    return NULL;
}

static struct error *fetch_all(struct cli *cli, struct fetch_job *job, size_t count,
                               size_t *failed_ret)
{
    struct error *error = NULL;

    job->packages = calloc(count + 1, sizeof(*job->packages));
    job->failures = calloc(count + 1, sizeof(struct error *));
    if (!job->packages || !job->failures)
        error = error_out_of_memory();
    if (!error)
        error = parallel_for(cli->settings.transfers, count, fetch_one, job);
    if (!error)
        error = tell(cli, job, count, failed_ret);
    for (size_t i = 0; job->packages && job->failures && i < count; i++) {
        fetched_package_deinit(&job->packages[i]);
        error_destroy(job->failures[i]);
    }
    free(job->packages);
    free(job->failures);
    return error;
}

static struct error *fetch_selected(struct cli *cli, const struct kernel_list *list,
                                    char *const *words, int count, enum exit_status *status)
{
    CLEANUP(fetching_end) struct fetching fetching = {0};
    struct fetch_job job = {.fetching = &fetching, .list = list};
    size_t *indexes = NULL;
    size_t index_count = 0;
    size_t failed = 0;

    TRY(fetching_select(list, words, count, &indexes, &index_count));
    job.indexes = indexes;
    struct error *error = fetching_begin(cli, &fetching);
    if (!error)
        error = fetch_all(cli, &job, index_count, &failed);
    free(indexes);
    if (failed > 0)
        *status = failed < index_count ? STATUS_PARTLY : STATUS_FAILED;
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const struct option_value own[] = {{0}};
    struct kernel_list list;
    int next;

    TRY(cli_begin(cli, &command_fetch, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    TRY(cli_read_list(cli, &list));
    struct error *error = pattern_resolution_ask(cli, argv + next, argc - next, &list);
    if (!error)
        error = fetch_selected(cli, &list, argv + next, argc - next, status);
    kernel_list_deinit(&list);
    return error;
}

const struct command command_fetch = {
    .name = "fetch",
    .summary = "find, download and verify packages",
    .usage = usage,
    .run = run,
};
