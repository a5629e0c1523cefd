/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "base/system/parallel.h"
#include "base/text/counted.h"
#include "base/text/public_url.h"
#include "cli/cli.h"
#include "run/data_lock.h"
#include "run/fetching/fetch_summary.h"
#include "run/fetching/fetching.h"
#include "run/fetching/pattern_resolution.h"
#include "run/update/package_keeping.h"

static const char usage[] =
    "usage: kstruct fetch [--dry-run] [KERNEL…]\n"
    "       kstruct fetch --relock KERNEL…\n"
    "\n"
    "Finds, downloads and verifies the packages of the list's kernels, or of those\n"
    "named, and prints their paths.\n"
    "\n"
    "      --dry-run  only say what would be fetched, from where, and how many bytes\n"
    "                 that is\n"
    "      --relock   fetch anew, and lock what comes instead of what is locked\n";

enum { OUTPUT_MAXIMUM = 64 * 1024 * 1024 };

/* The packages of some of the list's kernels, fetched several at once. */
struct fetch_job {
    struct fetching *fetching;
    const struct kernel_list *list;
    const size_t *indexes; /* of the list's entries */
    size_t count;
    /* For each of them: */
    struct fetched_package *packages;
    struct fetch_plan *plans; /* with --dry-run */
    struct error **failures;
};

static const struct kernel_entry *entry_of(const struct fetch_job *job, size_t number)
{
    return &job->list->entries[job->indexes[number]];
}

/* A failure of one is kept; it does not end the others. */
static struct error *fetch_one(void *context, unsigned worker UNUSED, size_t number)
{
    struct fetch_job *job = context;
    struct fetching *fetching = job->fetching;
    const struct kernel_entry *entry = entry_of(job, number);

    watch_enter(fetching->watch, entry->name.text, WATCH_FETCHING);
    job->failures[number] =
        error_locate(fetching_run(fetching, entry, &job->packages[number]), entry->name.text);
    if (!job->failures[number])
        lock_keeper_note(fetching->lock, entry, &job->packages[number]);
    watch_conclude(fetching->watch, entry->name.text, job->failures[number]);
    return NULL;
}

static struct error *resolve_one(void *context, unsigned worker UNUSED, size_t number)
{
    struct fetch_job *job = context;
    const struct kernel_entry *entry = entry_of(job, number);

    job->failures[number] =
        error_locate(fetching_resolve(job->fetching, entry, &job->plans[number]), entry->name.text);
    return NULL;
}

static struct error *print_path(const struct fetched_package *package)
{
    TRY(cli_print(package->path, strlen(package->path)));
    return cli_print("\n", 1);
}

/* Says which kernel it is about, unless the failure does. */
static struct error *tell_failure(struct cli *cli, const char *kernel, const struct error *failure)
{
    CLEANUP(free_pointer) char *line = error_to_line(failure);
    bool names_kernel = failure->where && strcmp(failure->where, kernel) == 0;

    if (!line)
        return error_out_of_memory();
    log_write(&cli->workspace.log, LOG_ERROR, "%s%s%s", names_kernel ? "" : kernel,
              names_kernel ? "" : ": ", line);
    return NULL;
}

/* Paths and failures in the list's order. */
static struct error *tell(struct cli *cli, const struct fetch_job *job, size_t *failed_ret)
{
    struct fetch_summary summary = {0};

    for (size_t i = 0; i < job->count; i++) {
        fetch_summary_add(&summary, &job->packages[i], job->failures[i]);
        if (job->failures[i])
            TRY(tell_failure(cli, entry_of(job, i)->name.text, job->failures[i]));
        else
            TRY(print_path(&job->packages[i]));
    }
    *failed_ret = fetch_summary_failure_count(&summary);
    if (job->count > 1)
        fetch_summary_log(&summary, &cli->workspace.log);
    return NULL;
}

static struct error *fetch_all(struct cli *cli, struct fetch_job *job, size_t *failed_ret)
{
    struct fetching *fetching = job->fetching;
    const struct package_keeping keeping = {
        .workspace = &cli->workspace,
        .list = job->list,
        .lock = fetching->lock,
        .fetched = job->packages,
        .fetched_count = job->count,
    };

    fetching_expect(fetching, job->list, job->indexes, job->count);
    struct error *error =
        parallel_for(cli->workspace.settings.transfers, job->count, fetch_one, job);
    fetching_end_progress(fetching);
    lock_keeper_save(fetching->lock);
    if (error)
        return error;
    package_keeping_apply(&keeping, NULL);
    return tell(cli, job, failed_ret);
}

static struct error *append_plan(const struct kernel_entry *entry, const struct fetch_plan *plan,
                                 struct buffer *text)
{
    CLEANUP(free_pointer) char *url = NULL;

    if (plan->url)
        TRY(public_url(plan->url, &url));
    buffer_append_format(text, "%-40s ", entry->name.text);
    if (!url)
        buffer_append_format(text, "local: %s\n", entry->file);
    else if (plan->is_there)
        buffer_append_format(text, "there: %s\n", path_base_name(url));
    else if (plan->byte_size == UINT64_MAX)
        buffer_append_format(text, "fetch: unknown size, %s\n", url);
    else
        buffer_append_format(text, "fetch: %" PRIu64 " %s, %s\n", COUNTED(plan->byte_size, "byte"),
                             url);
    return NULL;
}

static void append_total(const struct fetch_job *job, struct buffer *text)
{
    size_t count = 0;
    size_t unknown_count = 0;
    uint64_t bytes = 0;

    for (size_t i = 0; i < job->count; i++) {
        const struct fetch_plan *plan = &job->plans[i];
        if (job->failures[i] || !plan->url || plan->is_there)
            continue;
        count++;
        if (plan->byte_size == UINT64_MAX)
            unknown_count++;
        else
            bytes += plan->byte_size;
    }
    buffer_append_format(text, "%zu %s to fetch, %" PRIu64 " %s", COUNTED(count, "package"),
                         COUNTED(bytes, "byte"));
    if (unknown_count > 0)
        buffer_append_format(text, " and %zu of unknown size", unknown_count);
    buffer_append_char(text, '\n');
}

static struct error *plan_all(struct cli *cli, struct fetch_job *job, size_t *failed_ret)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, OUTPUT_MAXIMUM);
    TRY(parallel_for(cli->workspace.settings.transfers, job->count, resolve_one, job));
    fetching_end_progress(job->fetching);
    for (size_t i = 0; i < job->count; i++) {
        if (job->failures[i]) {
            TRY(tell_failure(cli, entry_of(job, i)->name.text, job->failures[i]));
            (*failed_ret)++;
        } else {
            TRY(append_plan(entry_of(job, i), &job->plans[i], &text));
        }
    }
    append_total(job, &text);
    TRY(buffer_check(&text, "standard output"));
    return cli_print_lines(&text);
}

static struct error *job_init(struct fetch_job *job)
{
    job->packages = calloc(job->count + 1, sizeof(*job->packages));
    job->plans = calloc(job->count + 1, sizeof(*job->plans));
    job->failures = calloc(job->count + 1, sizeof(struct error *));
    return job->packages && job->plans && job->failures ? NULL : error_out_of_memory();
}

static void job_deinit(struct fetch_job *job)
{
    for (size_t i = 0; job->packages && job->plans && job->failures && i < job->count; i++) {
        fetched_package_deinit(&job->packages[i]);
        fetch_plan_deinit(&job->plans[i]);
        error_destroy(job->failures[i]);
    }
    free(job->packages);
    free(job->plans);
    free(job->failures);
}

/* What was asked for beside the kernels. */
struct fetch_options {
    bool is_dry_run;
    bool relocks;
};

static struct error *do_job(struct cli *cli, struct fetch_job *job,
                            const struct fetch_options *options, size_t *failed_ret)
{
    CLEANUP(lock_keeper_end) struct lock_keeper keeper = {0};
    CLEANUP(fetching_end) struct fetching fetching = {0};

    TRY(lock_keeper_begin(&cli->workspace, &keeper));
    if (!options->is_dry_run)
        TRY(data_make(&cli->workspace));
    TRY(fetching_begin(&cli->workspace, &fetching));
    fetching.lock = &keeper;
    fetching.relocks = options->relocks;
    job->fetching = &fetching;
    TRY(job_init(job));
    return options->is_dry_run ? plan_all(cli, job, failed_ret) : fetch_all(cli, job, failed_ret);
}

static struct error *fetch_selected(struct cli *cli, const struct kernel_list *list,
                                    char *const *words, int word_count,
                                    const struct fetch_options *options, enum exit_status *status)
{
    CLEANUP(job_deinit) struct fetch_job job = {.list = list};
    size_t *indexes = NULL;
    size_t failed = 0;

    TRY(fetching_select(list, words, word_count, &indexes, &job.count));
    job.indexes = indexes;
    struct error *error = do_job(cli, &job, options, &failed);
    free(indexes);
    if (failed > 0)
        *status = failed < job.count ? STATUS_PARTLY : STATUS_FAILED;
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    struct fetch_options options = {0};
    const struct option_value own[] = {
        {0, "dry-run", NULL, &options.is_dry_run}, {0, "relock", NULL, &options.relocks}, {0}};
    struct kernel_list list;
    int next;

    TRY(cli_begin(cli, &command_fetch, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (options.relocks && next == argc)
        return cli_usage_error("fetch", "--relock wants the names of kernels");
    TRY(data_claim(&cli->workspace));
    TRY(workspace_read_list(&cli->workspace, &list));
    struct error *error = pattern_resolution_ask(&cli->workspace, argv + next, argc - next, &list);
    if (!error)
        error = fetch_selected(cli, &list, argv + next, argc - next, &options, status);
    kernel_list_deinit(&list);
    return error;
}

const struct command command_fetch = {
    .name = "fetch",
    .summary = "find, download and verify packages",
    .usage = usage,
    .run = run,
};
