/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/data_lock.h"
#include "cli/fetching.h"
#include "cli/interruption.h"
#include "cli/kernel_child.h"
#include "cli/lock_keeper.h"
#include "cli/pattern_resolution.h"
#include "cli/reporting.h"
#include "cli/update.h"

static const char usage[] =
    "usage: kstruct run [--stream] [KERNEL…]\n"
    "\n"
    "Brings the data set and the report up to date with the list: fetches, reads and stores the\n"
    "kernels that are missing or have changed, then writes the pages that differ. With names, "
    "looks\n"
    "at those kernels only. One kernel's failure does not stop the others.\n"
    "\n"
    "      --stream  read packages while they arrive, and stop the transfer once vmlinux is there: "
    "a\n"
    "                third of the bytes, but no hash is verified, and nothing is kept; only "
    "https,\n"
    "                or http where the hash is known\n";

static struct error *write_report(struct cli *cli, struct dataset *dataset,
                                  const struct update_options *options,
                                  const struct update_outcome *outcome)
{
    bool is_current = false;

    TRY(reporting_refresh(cli, dataset, options->list, options->interruption, &is_current));
    if (outcome->current == outcome->wanted && is_current)
        log_write(&cli->log, LOG_NOTICE,
                  "nothing to do: %zu kernels and their pages are up to date", outcome->wanted);
    else
        log_write(&cli->log, LOG_NOTICE, "%zu kernels: %zu read, %zu up to date, %zu failed",
                  outcome->wanted, outcome->read, outcome->current, outcome->failed);
    return NULL;
}

static struct error *check_wanted(const struct kernel_list *list, size_t count)
{
    if (count > 0)
        return NULL;
    return error_create(ERROR_CONFIGURATION, list->path,
                        list->count > 0 ? "all its kernels are skipped; there is nothing to do"
                                        : "has no kernels in it; add one, a line each");
}

static struct error *update_and_report(struct cli *cli, struct dataset *dataset,
                                       const struct update_options *options,
                                       struct update_outcome *outcome)
{
    TRY(update_kernels(options, outcome));
    TRY(interruption_check(options->interruption));
    struct error *error = write_report(cli, dataset, options, outcome);
    /* Where all failed and none was there before, there is nothing to report on, and all is said.
     */
    if (error && error->code == ERROR_NOT_FOUND && outcome->failed > 0) {
        error_destroy(error);
        error = NULL;
    }
    return error;
}

static struct error *update(struct cli *cli, struct update_options *options,
                            enum exit_status *status)
{
    CLEANUP(close_pointer) int lock = -1;
    CLEANUP(interruption_end) struct interruption interruption = {0};
    CLEANUP(lock_keeper_end) struct lock_keeper keeper = {0};
    struct update_outcome outcome = {0};

    TRY(lock_keeper_begin(cli, &keeper));
    options->lock = &keeper;
    TRY(data_lock(cli, &lock));
    TRY(kernel_child_clean_up(cli));
    TRY(interruption_begin(&interruption, &cli->log));
    options->interruption = &interruption;
    TRY(cli_open_dataset(cli, DATASET_WRITE, &options->dataset));
    struct error *error = update_and_report(cli, options->dataset, options, &outcome);
    dataset_close(options->dataset);
    if (!error && outcome.failed > 0)
        *status = outcome.failed < outcome.wanted ? STATUS_PARTLY : STATUS_FAILED;
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    bool streams = false;
    const struct option_value own[] = {{0, "stream", NULL, &streams}, {0}};
    struct kernel_list list;
    size_t *indexes = NULL;
    size_t count = 0;
    int next;

    TRY(cli_begin(cli, &command_run, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    TRY(cli_read_list(cli, &list));
    struct error *error = pattern_resolution_ask(cli, argv + next, argc - next, &list);
    if (!error)
        error = fetching_select(&list, argv + next, argc - next, &indexes, &count);
    if (!error)
        error = check_wanted(&list, count);
    if (!error)
        error = update(
            cli,
            &(struct update_options){
                .cli = cli, .list = &list, .indexes = indexes, .count = count, .streams = streams},
            status);
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
