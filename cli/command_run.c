/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/fetching.h"
#include "cli/kernel_update.h"
#include "cli/lock_keeper.h"
#include "cli/package_keeping.h"
#include "cli/pattern_resolution.h"
#include "cli/reporting.h"

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

struct outcome {
    size_t wanted;
    size_t current;
    size_t read;
    size_t failed;
};

static struct error *lock_is_held(int lock, const char *path)
{
    struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (fcntl(lock, F_GETLK, &holder) != 0 || holder.l_type == F_UNLCK)
        holder.l_pid = 0;
    return error_create(ERROR_SYSTEM, path,
                        "another kstruct (process %ld) is at work on this data directory; wait for "
                        "it to end",
                        (long)holder.l_pid);
}

/* Two runs must not meet. The lock goes with the process, and knows which one that is. */
static struct error *lock_data_dir(struct cli *cli, int *lock_ret)
{
    struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CLEANUP(free_pointer) char *path = NULL;

    TRY(directory_create(cli->settings.data_dir));
    TRY(cli_data_path(cli, "lock", &path));
    CLEANUP(close_pointer) int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0)
        return error_create_errno(errno, path, "cannot create");
    if (fcntl(lock, F_SETLK, &wanted) != 0)
        return errno == EACCES || errno == EAGAIN ? lock_is_held(lock, path)
                                                  : error_create_errno(errno, path, "cannot lock");
    *lock_ret = lock;
    lock = -1;
    return NULL;
}

/* Logs the kernel's failure, by its name, and notes it in the data set. */
static struct error *keep_failure(struct cli *cli, struct dataset *dataset,
                                  const struct kernel_entry *entry, struct error *failure)
{
    const char *name = entry->name.text;
    CLEANUP(free_pointer) char *line = error_to_line(failure);

    if (line && strncmp(line, name, strlen(name)) != 0)
        log_write(&cli->log, LOG_ERROR, "%s: %s", name, line);
    else
        log_error(&cli->log, failure);
    struct error *error = dataset_note_failure(dataset, entry->name.text, failure);
    error_destroy(failure);
    return error;
}

static struct error *update_kernel(const struct fetching *fetching, struct dataset *dataset,
                                   const struct kernel_entry *entry, bool streams)
{
    return error_locate(streams ? kernel_update_stream(fetching, dataset, entry)
                                : kernel_update_run(fetching, dataset, entry),
                        entry->name.text);
}

static struct error *update_kernels(struct cli *cli, struct dataset *dataset,
                                    const struct kernel_list *list, const size_t *indexes,
                                    bool streams, struct lock_keeper *keeper,
                                    struct outcome *outcome)
{
    CLEANUP(fetching_end) struct fetching fetching = {0};
    const struct package_keeping keeping = {.cli = cli, .list = list, .lock = keeper};
    struct dataset_kernels stored;
    struct error *error = NULL;

    TRY(dataset_list(dataset, &stored));
    for (size_t i = 0; i < outcome->wanted && !error; i++) {
        const struct kernel_entry *entry = &list->entries[indexes[i]];
        if (kernel_update_is_done(entry, dataset_kernels_find(&stored, entry->name.text))) {
            log_write(&cli->log, LOG_DETAIL, "%s: up to date", entry->name.text);
            outcome->current++;
            error = dataset_forget_failure(dataset, entry->name.text);
            continue;
        }
        if (!fetching.engine)
            error = fetching_begin(cli, &fetching);
        if (error)
            break;
        fetching.lock = keeper;
        struct error *failure = update_kernel(&fetching, dataset, entry, streams);
        if (failure) {
            outcome->failed++;
            error = keep_failure(cli, dataset, entry, failure);
        } else {
            outcome->read++;
        }
        /* Now, since this may be killed: the next run does not fetch the kernel again. */
        lock_keeper_save(keeper);
        package_keeping_apply(&keeping, dataset);
    }
    dataset_kernels_deinit(&stored);
    return error;
}

static struct error *write_report(struct cli *cli, struct dataset *dataset,
                                  const struct kernel_list *list, const struct outcome *outcome)
{
    const char *directory = cli->settings.report_dir;
    CLEANUP(free_pointer) char *default_directory = NULL;
    struct report_result result;
    bool is_current = false;

    TRY(cli_data_path(cli, "report", &default_directory));
    struct reporting_options options = {
        .directory = directory ? directory : default_directory,
        .list = list,
        .only_if_needed = true,
    };
    TRY(report_parse_formats(cli->settings.report_format, &options.formats));
    TRY(reporting_run(cli, dataset, &options, &is_current, &result));
    if (!is_current)
        reporting_log(cli, options.directory, &result);
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

static struct error *update(struct cli *cli, const struct kernel_list *list, const size_t *indexes,
                            size_t count, bool streams, enum exit_status *status)
{
    CLEANUP(close_pointer) int lock = -1;
    CLEANUP(lock_keeper_end) struct lock_keeper keeper = {0};
    struct outcome outcome = {.wanted = count};
    struct dataset *dataset = NULL;

    TRY(lock_keeper_begin(cli, &keeper));
    TRY(lock_data_dir(cli, &lock));
    TRY(cli_open_dataset(cli, DATASET_WRITE, &dataset));
    struct error *error = update_kernels(cli, dataset, list, indexes, streams, &keeper, &outcome);
    if (!error && outcome.read > 0)
        error = dataset_gather_statistics(dataset);
    if (!error)
        error = write_report(cli, dataset, list, &outcome);
    /* Where all failed and none was there before, there is nothing to report on, and all is said.
     */
    if (error && error->code == ERROR_NOT_FOUND && outcome.failed > 0) {
        error_destroy(error);
        error = NULL;
    }
    dataset_close(dataset);
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
        error = update(cli, &list, indexes, count, streams, status);
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
