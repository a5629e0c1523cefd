/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "run/data_lock.h"

static const char usage[] =
    "usage: kstruct merge DATADIR…\n"
    "\n"
    "Puts the kernels of other data directories into the data set: what many\n"
    "machines have read, each its part of the list (`run --shard`), becomes what one\n"
    "would have read. Each data set is checked before, and goes in as a whole or not\n"
    "at all. A kernel that is there already has to be the same.\n"
    "\n"
    "DATADIR may also be the file of a data set. `report` and `run` write the report\n"
    "then.\n";

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_same_file(const char *one, const char *other)
{
    struct stat status;
    struct stat others;

    return stat(one, &status) == 0 && stat(other, &others) == 0 && status.st_dev == others.st_dev &&
           status.st_ino == others.st_ino;
}

static struct error *merge_one(struct cli *cli, struct dataset *dataset, const char *place)
{
    CLEANUP(free_pointer)
    char *path = is_directory(place) ? path_join(place, DATASET_FILE_NAME) : strdup(place);
    CLEANUP(free_pointer) char *own = NULL;
    uint64_t count = 0;

    if (!path)
        return error_out_of_memory();
    TRY(workspace_path(&cli->workspace, DATASET_FILE_NAME, &own));
    if (is_same_file(path, own))
        return error_create(ERROR_USAGE, place, "is the data set that others are merged into");
    TRY(dataset_merge(dataset, path, &count));
    log_write(&cli->workspace.log, LOG_NOTICE, "%s: %" PRIu64 " %s added", place,
              COUNTED(count, "kernel"));
    return NULL;
}

/* One that cannot be had does not keep the others away. */
static struct error *merge_all(struct cli *cli, struct dataset *dataset, char *const *places,
                               size_t count, size_t *failed_ret)
{
    for (size_t i = 0; i < count; i++) {
        struct error *error = merge_one(cli, dataset, places[i]);
        if (error && error->code == ERROR_OUT_OF_MEMORY)
            return error;
        if (!error)
            continue;
        log_error(&cli->workspace.log, error);
        error_destroy(error);
        (*failed_ret)++;
    }
    return dataset_gather_statistics(dataset);
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    const struct option_value own[] = {{0}};
    CLEANUP(close_pointer) int lock = -1;
    struct dataset *dataset;
    size_t failed = 0;
    int next;

    TRY(cli_begin(cli, &command_merge, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    size_t count = (size_t)(argc - next);
    if (count == 0)
        return cli_usage_error("merge", "name the data directories");
    TRY(data_lock(&cli->workspace, &lock));
    TRY(workspace_open_dataset(&cli->workspace, DATASET_WRITE, &dataset));
    struct error *error = dataset_check(dataset);
    if (!error)
        error = merge_all(cli, dataset, argv + next, count, &failed);
    dataset_close(dataset);
    if (!error && failed > 0)
        *status = failed < count ? STATUS_PARTLY : STATUS_FAILED;
    return error;
}

const struct command command_merge = {
    .name = "merge",
    .summary = "the kernels of other data directories into the data set",
    .usage = usage,
    .run = run,
};
