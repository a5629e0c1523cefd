/* SPDX-License-Identifier: MIT */
#include "run/update/update.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "base/text/time_text.h"
#include "run/fetching/fetching.h"
#include "run/update/kernel_update.h"
#include "run/update/package_keeping.h"
#include "run/update/pipeline.h"
#include "run/update/struct_count_check.h"

/* Of the tries of a kernel that is known to be absent, every so many. */
enum { ASKED_BY_NAME_TRIES = 30 };

/* One bringing up to date. */
struct update {
    struct workspace *workspace;
    struct dataset *dataset;
    const struct kernel_list *list;
    struct interruption *interruption;
    struct fetching fetching;
    struct lock_keeper *lock;
    struct package_keeping keeping;
    struct update_outcome *outcome;
    bool tries_all;
    struct dataset_failures failures; /* of earlier runs */
    struct dataset_failures absent;   /* those of them that no source had; borrowed from them */
    size_t *stale;                    /* indexes of the list's entries that have to be read */
    size_t stale_count;
    const char **read_names; /* of the kernels that were read; as many as the outcome says */
};

static struct error *note_failure(struct update *update, const struct kernel_entry *entry,
                                  const struct error *failure)
{
    const char *name = entry->name.text;
    CLEANUP(free_pointer) char *wanted = NULL;
    const struct dataset_failure *absent =
        failure->code == ERROR_NOTHING_NEW ? dataset_failures_find(&update->absent, name) : NULL;

    TRY(kernel_update_describe(&update->workspace->settings, update->lock, entry, &wanted));
    const struct dataset_try attempt = {
        .kernel_name = name, .wanted = wanted, .reader = KSTRUCT_VERSION};
    if (!absent)
        return dataset_note_failure(update->dataset, &attempt, failure);
    /* Its reason says more than that nothing is new since, and stays the same from night to night.
     */
    struct error *first = error_create(ERROR_NEVER_PUBLISHED, NULL, "%s", absent->reason);
    struct error *error = dataset_note_failure(update->dataset, &attempt, first);
    error_destroy(first);
    return error;
}

/* Logs the kernel's failure, by its name, and notes it in the data set. */
static struct error *keep_failure(struct update *update, const struct kernel_entry *entry,
                                  struct error *failure)
{
    const char *name = entry->name.text;
    CLEANUP(free_pointer) char *line = error_to_line(failure);

    if (line && strncmp(line, name, strlen(name)) != 0)
        log_write(&update->workspace->log, LOG_ERROR, "%s: %s", name, line);
    else
        log_error(&update->workspace->log, failure);
    struct error *error = note_failure(update, entry, failure);
    error_destroy(failure);
    return error;
}

/* Is the kernel to wait until another try is due? Then the log is told. */
static bool is_waiting(const struct update *update, const struct kernel_entry *entry,
                       const struct dataset_failure *failure)
{
    if (update->tries_all || kernel_update_is_due(&update->workspace->settings, update->lock, entry,
                                                  failure, time(NULL)))
        return false;
    log_write(&update->workspace->log, LOG_NOTICE,
              "%s: failed %" PRIu64 " %s, last at %s: %s: %s; it is not due again, `kstruct run "
              "%s` tries it now",
              entry->name.text, COUNTED(failure->tries, "time"), failure->failed_at, failure->kind,
              failure->reason, entry->name.text);
    return true;
}

/* Have all sources said of it, as it is wanted now, that they do not have it, and Launchpad that it
 * has no record of it? While that time is yet to come, since the clock was set back, nobody can say
 * what is new since. And whatever else may go wrong, it is asked for by its name now and then. */
static bool is_known_absent(const struct update *update, const struct kernel_entry *entry,
                            const struct dataset_failure *failure)
{
    time_t failed;

    return failure && !update->tries_all && !entry->file && !entry->url && !entry->apt &&
           error_code_from_text(failure->kind) == ERROR_NEVER_PUBLISHED &&
           failure->tries % ASKED_BY_NAME_TRIES != 0 &&
           time_text_read(failure->failed_at, &failed) && failed <= time(NULL) &&
           kernel_update_is_as_then(&update->workspace->settings, update->lock, entry, failure);
}

/* Notes which kernels have to be read. */
static struct error *sort_out(struct update *update, const size_t *indexes)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels stored = {0};

    TRY(dataset_list(update->dataset, &stored));
    TRY(dataset_list_failures(update->dataset, &update->failures));
    update->absent.failures = calloc(update->failures.count + 1, sizeof(*update->absent.failures));
    if (!update->absent.failures)
        return error_out_of_memory();
    for (size_t i = 0; i < update->outcome->wanted; i++) {
        const struct kernel_entry *entry = &update->list->entries[indexes[i]];
        const char *name = entry->name.text;
        const struct dataset_failure *failure = dataset_failures_find(&update->failures, name);
        if (kernel_update_is_done(&update->workspace->settings, entry,
                                  dataset_kernels_find(&stored, name))) {
            log_write(&update->workspace->log, LOG_DETAIL, "%s: up to date", name);
            update->outcome->current++;
            TRY(failure ? dataset_forget_failure(update->dataset, name) : NULL);
        } else if (is_waiting(update, entry, failure)) {
            update->outcome->waiting++;
        } else {
            update->stale[update->stale_count++] = indexes[i];
            if (is_known_absent(update, entry, failure))
                update->absent.failures[update->absent.count++] = *failure;
        }
    }
    return NULL;
}

/* Nothing is written into a damaged data set. It takes a moment, so it is not looked for when
 * nothing is to be written. */
static struct error *check_dataset(void *context)
{
    const struct update *update = context;

    return dataset_check(update->dataset);
}

/* Counts the kernel as read, or as failed, which is noted. Takes FAILURE over. */
static struct error *conclude(struct update *update, const struct kernel_entry *entry,
                              struct error *failure)
{
    if (!failure) {
        watch_conclude(update->fetching.watch, entry->name.text, NULL);
        update->read_names[update->outcome->read++] = entry->name.text;
        return NULL;
    }
    /* What was given up when interrupted has not failed. */
    struct error *interrupted = interruption_check(update->interruption);
    if (interrupted) {
        error_destroy(failure);
        return interrupted;
    }
    watch_conclude(update->fetching.watch, entry->name.text, failure);
    update->outcome->failed++;
    return keep_failure(update, entry, error_locate(failure, entry->name.text));
}

static struct error *take(void *context, const struct pipeline_result *result)
{
    struct update *update = context;
    struct error *failure = NULL;

    if (result->failure)
        failure =
            kernel_update_advise(&update->fetching, result->entry, error_copy(result->failure));
    else
        failure = kernel_update_store(&update->fetching, update->dataset, result->entry,
                                      result->package, result->layouts);
    kernel_update_finish(&update->fetching, result->entry, result->package, failure);
    /* It is not the kernel then that is at fault. */
    if (failure && !result->failure && failure->code == ERROR_DATASET)
        return failure;
    /* Now, since this may be killed: the next run does not fetch the kernel again. A full disk has
     * been told of, where it matters. And before a failure is noted, with what is locked. */
    error_destroy(lock_keeper_secure(update->fetching.lock, result->entry->name.text));
    TRY(conclude(update, result->entry, failure));
    package_keeping_apply(&update->keeping, update->dataset);
    return NULL;
}

/* Reads what can be read while it arrives, and leaves the others to be fetched whole. */
static struct error *stream_kernels(struct update *update)
{
    size_t left = 0;

    for (size_t i = 0; i < update->stale_count; i++) {
        const struct kernel_entry *entry = &update->list->entries[update->stale[i]];
        TRY(interruption_check(update->interruption));
        watch_enter(update->fetching.watch, entry->name.text, WATCH_FETCHING);
        struct error *failure = kernel_update_stream(&update->fetching, update->dataset, entry);
        if (failure && failure->code == ERROR_UNSUPPORTED) {
            log_write(&update->workspace->log, LOG_DETAIL, "%s: %s; it is fetched whole",
                      entry->name.text, failure->why);
            error_destroy(failure);
            watch_enter(update->fetching.watch, entry->name.text, WATCH_WAITING);
            update->stale[left++] = update->stale[i];
            continue;
        }
        /* As take() has it. */
        if (failure && failure->code == ERROR_DATASET)
            return failure;
        TRY(conclude(update, entry, failure));
    }
    update->stale_count = left;
    return NULL;
}

static struct error *read_stale(struct update *update, bool streams)
{
    if (update->stale_count == 0)
        return NULL;
    TRY(fetching_begin(update->workspace, &update->fetching));
    update->fetching.lock = update->lock;
    if (update->absent.count > 0)
        TRY(fetching_know_absent(&update->fetching, &update->absent));
    update->fetching.settings.is_cancelled = &update->interruption->is_over;
    fetching_expect(&update->fetching, update->list, update->stale, update->stale_count);
    if (streams) {
        TRY(check_dataset(update));
        TRY(stream_kernels(update));
    }
    const struct pipeline pipeline = {
        .workspace = update->workspace,
        .fetching = &update->fetching,
        .list = update->list,
        .indexes = update->stale,
        .count = update->stale_count,
        .interruption = update->interruption,
        .prepare = streams ? NULL : check_dataset,
        .take = take,
        .context = update,
    };
    return pipeline_run(&pipeline);
}

/* Tells of those that have suspiciously few structs, now that their neighbours are there. */
static struct error *warn_of_drops(const struct update *update)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels stored = {0};

    TRY(dataset_list(update->dataset, &stored));
    for (size_t i = 0; i < update->outcome->read; i++) {
        CLEANUP(free_pointer) char *warning = NULL;
        const struct kernel_record *kernel = dataset_kernels_find(&stored, update->read_names[i]);
        if (!kernel)
            continue;
        TRY(struct_drop_describe(&stored, (size_t)(kernel - stored.kernels), &warning));
        if (warning)
            log_write(&update->workspace->log, LOG_WARNING, "%s: %s", kernel->name, warning);
    }
    return NULL;
}

/* Of a package whose modules are read, all is needed. */
static bool streams(const struct update_options *options)
{
    if (!options->streams || options->workspace->settings.images == SETTINGS_IMAGES_VMLINUX)
        return options->streams;
    log_write(
        &options->workspace->log, LOG_NOTICE,
        "packages are fetched whole, without --stream, since their modules are read (images = "
        "all)");
    return false;
}

struct error *update_kernels(const struct update_options *options,
                             struct update_outcome *outcome_ret)
{
    struct update update = {.workspace = options->workspace,
                            .dataset = options->dataset,
                            .list = options->list,
                            .interruption = options->interruption,
                            .outcome = outcome_ret,
                            .lock = options->lock,
                            .tries_all = options->tries_all,
                            .keeping = {.workspace = options->workspace,
                                        .list = options->list,
                                        .lock = options->lock,
                                        .since = time(NULL)},
                            .stale = calloc(options->count + 1, sizeof(*update.stale)),
                            .read_names = calloc(options->count + 1, sizeof(*update.read_names))};
    struct error *error = update.stale && update.read_names ? NULL : error_out_of_memory();

    *outcome_ret = (struct update_outcome){.wanted = options->count};
    if (!error)
        error = sort_out(&update, options->indexes);
    if (!error)
        error = read_stale(&update, streams(options));
    fetching_end(&update.fetching);
    /* Also where it was asked to end: what is there is reported. */
    if (outcome_ret->read > 0)
        error_keep_first(&error, dataset_gather_statistics(options->dataset));
    if (!error)
        error = warn_of_drops(&update);
    dataset_failures_deinit(&update.failures);
    free(update.absent.failures);
    free(update.stale);
    free(update.read_names);
    return error;
}
