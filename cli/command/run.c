/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "run/data_lock.h"
#include "run/fetching/fetching.h"
#include "run/fetching/lock_keeper.h"
#include "run/fetching/pattern_resolution.h"
#include "run/fetching/shard.h"
#include "run/interruption.h"
#include "run/report/reporting.h"
#include "run/report/status_file.h"
#include "run/update/pruning.h"
#include "run/update/update.h"

static const char usage[] =
    "usage: kstruct run [--stream] [--prune] [--shard I/N] [KERNEL…]\n"
    "\n"
    "Brings the data set and the report up to date with the list: fetches, reads and\n"
    "stores the kernels that are missing or have changed, then writes the pages that\n"
    "differ. With names, looks at those kernels only, and tries them also if they\n"
    "failed a moment ago. One kernel's failure does not stop the others. What each\n"
    "kernel has come to is in DATADIR/status.json then.\n"
    "\n"
    "      --prune   remove kernels from the data set that are no longer in the list\n"
    "      --shard I/N\n"
    "                only the I-th of N parts of the list, without a report: for many\n"
    "                machines, whose data directories `merge` puts together\n"
    "      --stream  with `images = vmlinux`: fetch only those parts of packages\n"
    "                that are needed, where the server answers ranges; else read\n"
    "                packages while they arrive, up to vmlinux. No hash is verified,\n"
    "                nothing is kept; only https, or http where the hash is known\n";

/* What a run is asked for beside update_options. */
struct run_options {
    struct update_options update;
    struct kernel_list *list; /* the same that UPDATE has */
    bool prunes;
    struct shard shard;
};

static void log_outcome(struct log *log, const struct update_outcome *outcome, bool is_current)
{
    char waiting[64] = "";

    if (outcome->waiting > 0)
        snprintf(waiting, sizeof(waiting), ", %zu failed before and wait", outcome->waiting);
    if (outcome->current + outcome->waiting == outcome->wanted && is_current)
        log_write(log, LOG_NOTICE, "nothing to do: %zu %s and %s pages are up to date%s",
                  COUNTED(outcome->current, "kernel"), outcome->current == 1 ? "its" : "their",
                  waiting);
    else
        log_write(log, LOG_NOTICE, "%zu %s: %zu read, %zu up to date, %zu failed%s",
                  COUNTED(outcome->wanted, "kernel"), outcome->read, outcome->current,
                  outcome->failed, waiting);
}

/* Who is asked to end still shows what was read until then: reading may have taken all night. A
 * second request ends the process on the spot. */
static struct error *report_what_is_there(const struct update_options *options)
{
    bool is_current;

    return reporting_refresh(options->workspace, options->dataset, options->list, NULL,
                             &is_current);
}

static struct error *update_and_report(const struct run_options *options,
                                       struct update_outcome *outcome)
{
    const struct update_options *update = &options->update;
    bool is_current = false;

    struct error *error = update_kernels(update, outcome);
    if (error && error->code == ERROR_INTERRUPTED && outcome->read > 0 &&
        options->shard.number == 0)
        error_destroy(report_what_is_there(update));
    TRY(error);
    TRY(interruption_check(update->interruption));
    /* A part of the list makes no report. */
    if (options->shard.number > 0) {
        log_outcome(&update->workspace->log, outcome, false);
        return NULL;
    }
    TRY(pattern_resolution_add_stand_ins(update->dataset, options->list));
    if (options->prunes)
        TRY(prune_dataset(update->workspace, update->dataset, update->list));
    error = reporting_refresh(update->workspace, update->dataset, update->list,
                              update->interruption, &is_current);
    /* Where all failed and none was there before, there is nothing to report on, and why is said.
     */
    if (error && error->code == ERROR_NOT_FOUND && outcome->failed + outcome->waiting > 0) {
        error_destroy(error);
        error = NULL;
    }
    TRY(error);
    log_outcome(&update->workspace->log, outcome, is_current);
    return NULL;
}

/* Leaves the manifest also where the run has failed: then it is wanted most. */
static struct error *run_and_note(const struct run_options *options, struct update_outcome *outcome)
{
    const struct update_options *update = &options->update;

    struct last_run run;

    last_run_begin(&run);
    struct error *error = update_and_report(options, outcome);
    last_run_end(&run, error, outcome->wanted, outcome->failed + outcome->waiting);
    struct error *unwritten =
        status_file_write(update->workspace, update->dataset, update->list, &run);
    error_keep_first(&error, unwritten);
    return error;
}

static struct error *run_locked(struct cli *cli, struct run_options *options,
                                enum exit_status *status)
{
    CLEANUP(close_pointer) int lock = -1;
    CLEANUP(interruption_end) struct interruption interruption = {0};
    CLEANUP(lock_keeper_end) struct lock_keeper keeper = {0};
    struct update_options *update = &options->update;
    struct update_outcome outcome = {0};

    TRY(lock_keeper_begin(&cli->workspace, &keeper));
    update->lock = &keeper;
    TRY(data_lock(&cli->workspace, &lock));
    if (options->shard.number == 0)
        TRY(reporting_claim(&cli->workspace));
    TRY(interruption_begin(&interruption, &cli->workspace.log));
    update->interruption = &interruption;
    TRY(workspace_open_dataset(&cli->workspace, DATASET_WRITE, &update->dataset));
    struct error *error = run_and_note(options, &outcome);
    dataset_close(update->dataset);
    size_t failed = outcome.failed + outcome.waiting;
    if (!error && failed > 0)
        *status = failed < outcome.wanted ? STATUS_PARTLY : STATUS_FAILED;
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    struct run_options options = {.update.workspace = &cli->workspace};
    struct update_options *update = &options.update;
    const char *shard = NULL;
    const struct option_value own[] = {{0, "stream", NULL, &update->streams},
                                       {0, "prune", NULL, &options.prunes},
                                       {0, "shard", &shard, NULL},
                                       {0}};
    struct kernel_list list;
    size_t *indexes = NULL;
    int next;

    TRY(cli_begin(cli, &command_run, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    update->tries_all = next < argc;
    if (options.prunes && next < argc)
        return cli_usage_error("run", "--prune is for the whole list, not for some kernels");
    if (shard)
        TRY(shard_parse(shard, &options.shard));
    if (shard && (options.prunes || next < argc))
        return cli_usage_error("run", "--shard is a part of the list: without --prune, or kernels");
    TRY(data_claim(&cli->workspace));
    TRY(workspace_read_list(&cli->workspace, &list));
    struct error *error = pattern_resolution_ask(&cli->workspace, argv + next, argc - next, &list);
    if (!error)
        error = fetching_select(&list, argv + next, argc - next, &indexes, &update->count);
    if (!error)
        error = fetching_check_selected(&list, update->count);
    if (!error)
        error = shard_select(&options.shard, &list, indexes, &update->count);
    options.list = &list;
    update->list = &list;
    update->indexes = indexes;
    if (!error)
        error = run_locked(cli, &options, status);
    free(indexes);
    kernel_list_deinit(&list);
    return error;
}

const struct command command_run = {
    .name = "run",
    .summary = "bring data set and report up to date with the list",
    .usage = usage,
    .run = run,
};
