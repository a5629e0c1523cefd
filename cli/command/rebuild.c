/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "run/data_lock.h"
#include "run/fetching/fetching.h"
#include "run/fetching/lock_keeper.h"
#include "run/fetching/pattern_resolution.h"
#include "run/interruption.h"
#include "run/report/reporting.h"
#include "run/report/status_file.h"
#include "run/update/kernel_update.h"
#include "run/update/update.h"

static const char usage[] =
    "usage: kstruct rebuild [--keep-old]\n"
    "\n"
    "Makes the data set anew from nothing, of the packages that the lock file names,\n"
    "beside the old one, which stays in use until the new one is complete and takes\n"
    "its place. Says how they differ. An old one that has kernels that the list\n"
    "lacks, or is damaged, is kept beside the new one. When interrupted, or when a\n"
    "kernel fails, the next rebuild goes on from there.\n"
    "\n"
    "      --keep-old  leave the old data set beside the new one, as kstruct.db.old\n";

struct rebuild {
    struct cli *cli;
    char *path;
    char *new_path;
    char *old_path;
    bool keeps_old;     /* there, also where nothing would be lost */
    char *damaged_path; /* where it is kept in any case if it is damaged */
    bool is_damaged;
    bool loses_kernels; /* that the old one has and the new one has not */
    struct update_options options;
    struct update_outcome outcome;
    struct last_run run;
};

static void rebuild_deinit(struct rebuild *rebuild)
{
    free(rebuild->path);
    free(rebuild->new_path);
    free(rebuild->old_path);
    free(rebuild->damaged_path);
}

/* A name that nothing has yet: none of the damaged ones is thrown away. */
static struct error *find_damaged_path(struct rebuild *rebuild)
{
    TRY(workspace_path(&rebuild->cli->workspace, "kstruct.db.damaged", &rebuild->damaged_path));
    for (unsigned i = 2; access(rebuild->damaged_path, F_OK) == 0; i++) {
        char name[sizeof("kstruct.db.damaged.") + 3 * sizeof(i)];
        snprintf(name, sizeof(name), "kstruct.db.damaged.%u", i);
        free(rebuild->damaged_path);
        rebuild->damaged_path = NULL;
        TRY(workspace_path(&rebuild->cli->workspace, name, &rebuild->damaged_path));
    }
    return NULL;
}

static struct error *find_paths(struct rebuild *rebuild, bool keeps_old)
{
    TRY(workspace_path(&rebuild->cli->workspace, DATASET_FILE_NAME, &rebuild->path));
    TRY(workspace_path(&rebuild->cli->workspace, "kstruct.db.new", &rebuild->new_path));
    TRY(workspace_path(&rebuild->cli->workspace, "kstruct.db.old", &rebuild->old_path));
    rebuild->keeps_old = keeps_old;
    return find_damaged_path(rebuild);
}

/* The kernels of the data set at PATH, if all of it is as it was written. */
static struct error *list_whole(const char *path, struct dataset_kernels *kernels)
{
    struct dataset *dataset = NULL;
    struct error *error = dataset_open(path, DATASET_READ, &dataset);

    if (!error)
        error = dataset_check(dataset);
    if (!error)
        error = dataset_list(dataset, kernels);
    dataset_close(dataset);
    return error;
}

/* What an old data set has; nothing if there is none, or none that can be read. What is damaged may
 * have kernels that are nowhere else: it is never thrown away. */
static struct error *list_old(struct rebuild *rebuild, struct dataset_kernels *kernels)
{
    struct error *error = dataset_upgrade(rebuild->path);

    if (!error)
        error = list_whole(rebuild->path, kernels);
    if (error && error->code == ERROR_DATASET) {
        rebuild->is_damaged = true;
        log_write(&rebuild->cli->workspace.log, LOG_WARNING,
                  "%s: the old data set cannot be compared with, and is kept as %s: %s",
                  rebuild->path, path_base_name(rebuild->damaged_path), error->why);
    } else if (error && error->code != ERROR_NOT_FOUND) {
        return error;
    }
    error_destroy(error);
    return NULL;
}

/* The same layouts of the same packages should come out; where they do not, somebody should know.
 */
static void tell_differences(struct rebuild *rebuild, const struct dataset_kernels *old,
                             const struct dataset_kernels *new)
{
    struct log *log = &rebuild->cli->workspace.log;
    size_t same = 0;

    for (size_t i = 0; i < new->count; i++) {
        const struct kernel_record *kernel = &new->kernels[i];
        const struct kernel_record *before = dataset_kernels_find(old, kernel->name);
        if (!before)
            log_write(log, LOG_NOTICE, "%s: is new", kernel->name);
        else if (memcmp(before->digest, kernel->digest, sizeof(kernel->digest)) != 0)
            log_write(log, LOG_WARNING,
                      "%s: differs from before: %" PRIu64 " %s, %" PRIu64 " before", kernel->name,
                      COUNTED(kernel->counts[DEFINITION_STRUCT], "struct"),
                      before->counts[DEFINITION_STRUCT]);
        else
            same++;
    }
    for (size_t i = 0; i < old->count; i++) {
        if (dataset_kernels_find(new, old->kernels[i].name))
            continue;
        rebuild->loses_kernels = true;
        log_write(log, LOG_WARNING,
                  "%s: is not in the list, and gone; the old data set, which has it, is kept as %s",
                  old->kernels[i].name, path_base_name(rebuild->old_path));
    }
    log_write(log, LOG_NOTICE, "%zu %s: %zu the same as before", COUNTED(new->count, "kernel"),
              same);
}

static struct error *compare(struct rebuild *rebuild, struct dataset *dataset)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels old = {0};
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels new = {0};

    TRY(list_old(rebuild, &old));
    TRY(dataset_list(dataset, &new));
    tell_differences(rebuild, &old, &new);
    return NULL;
}

/* Why a rebuild would not have made it so; NULL if it would. */
static const char *find_difference(const struct rebuild *rebuild,
                                   const struct kernel_record *kernel)
{
    const struct kernel_entry *entry = kernel_list_find(rebuild->options.list, kernel->name);

    if (!entry || entry->skip_reason)
        return "is not wanted any more";
    if (strcmp(kernel->reader, KSTRUCT_VERSION) != 0)
        return "was read by another version of kstruct";
    if (!kernel_update_is_done(&rebuild->cli->workspace.settings, entry, kernel))
        return "is wanted from elsewhere, or its file has changed";
    /* A local file is not locked. */
    const struct locked_package *locked = lock_keeper_find(rebuild->options.lock, entry);
    if (!entry->file && (!locked || strcmp(locked->sha256, kernel->sha256) != 0))
        return "was read from another package than is locked";
    return NULL;
}

static struct error *find_differences(const struct rebuild *rebuild,
                                      const struct dataset_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++) {
        const char *difference = find_difference(rebuild, &kernels->kernels[i]);
        if (difference)
            return error_create(ERROR_DATASET, rebuild->new_path, "%s %s", kernels->kernels[i].name,
                                difference);
    }
    return NULL;
}

/* What an earlier rebuild has left is gone on with only if it is as this one would make it. */
static struct error *look_at_new(struct rebuild *rebuild)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};
    struct error *error = list_whole(rebuild->new_path, &kernels);

    if (!error)
        error = find_differences(rebuild, &kernels);
    if (!error || (error->code != ERROR_DATASET && error->code != ERROR_NOT_FOUND))
        return error;
    if (error->code == ERROR_DATASET)
        log_write(&rebuild->cli->workspace.log, LOG_NOTICE, "%s: not gone on with: %s",
                  rebuild->new_path, error->why);
    error_destroy(error);
    return dataset_remove(rebuild->new_path);
}

/* Fills the new data set. */
static struct error *fill(struct rebuild *rebuild)
{
    struct update_options *options = &rebuild->options;

    TRY(look_at_new(rebuild));
    TRY(dataset_open(rebuild->new_path, DATASET_WRITE, &options->dataset));
    struct error *error = update_kernels(options, &rebuild->outcome);
    if (!error && rebuild->outcome.failed > 0)
        log_write(&rebuild->cli->workspace.log, LOG_ERROR,
                  "%s: %zu of %zu %s failed; the old data set stays, and the next rebuild goes "
                  "on from here",
                  rebuild->path, rebuild->outcome.failed,
                  COUNTED(rebuild->outcome.wanted, "kernel"));
    else if (!error)
        error = compare(rebuild, options->dataset);
    dataset_close(options->dataset);
    options->dataset = NULL;
    return error;
}

static struct error *report(struct rebuild *rebuild)
{
    struct dataset *dataset = NULL;
    bool is_current;

    TRY(workspace_open_dataset(&rebuild->cli->workspace, DATASET_WRITE, &dataset));
    struct error *error =
        reporting_refresh(&rebuild->cli->workspace, dataset, rebuild->options.list,
                          rebuild->options.interruption, &is_current);
    dataset_close(dataset);
    return error;
}

/* Notes how it ended, beside the data set that is there now: the old one if it failed. */
static struct error *note_end(struct rebuild *rebuild)
{
    struct dataset *dataset = NULL;
    struct error *error = workspace_open_dataset(&rebuild->cli->workspace, DATASET_READ, &dataset);

    /* There is none yet, or it is damaged, which is why it was to be made anew. */
    if (error && (error->code == ERROR_NOT_FOUND || error->code == ERROR_DATASET)) {
        error_destroy(error);
        return NULL;
    }
    TRY(error);
    error =
        status_file_write(&rebuild->cli->workspace, dataset, rebuild->options.list, &rebuild->run);
    dataset_close(dataset);
    return error;
}

static struct error *replace(const struct rebuild *rebuild)
{
    if (rebuild->is_damaged)
        return dataset_replace_damaged(rebuild->path, rebuild->new_path, rebuild->damaged_path);
    bool keeps_old = rebuild->keeps_old || rebuild->loses_kernels;
    return dataset_replace(rebuild->path, rebuild->new_path, keeps_old ? rebuild->old_path : NULL);
}

/* The new data set would take the link's place, not that of the file it leads to. */
static struct error *check_own_place(const struct rebuild *rebuild)
{
    struct stat status;

    if (lstat(rebuild->path, &status) == 0 && S_ISLNK(status.st_mode))
        return error_create(ERROR_CONFIGURATION, rebuild->path,
                            "is a symbolic link, which a rebuild would replace: name the directory "
                            "that has the file itself with -d");
    return NULL;
}

static struct error *fill_and_replace(struct rebuild *rebuild)
{
    TRY(fill(rebuild));
    if (rebuild->outcome.failed > 0)
        return NULL;
    TRY(replace(rebuild));
    return report(rebuild);
}

static struct error *rebuild_all(struct rebuild *rebuild)
{
    CLEANUP(close_pointer) int lock = -1;
    CLEANUP(interruption_end) struct interruption interruption = {0};
    CLEANUP(lock_keeper_end) struct lock_keeper keeper = {0};

    last_run_begin(&rebuild->run);
    TRY(check_own_place(rebuild));
    TRY(lock_keeper_begin(&rebuild->cli->workspace, &keeper));
    TRY(data_lock(&rebuild->cli->workspace, &lock));
    TRY(reporting_claim(&rebuild->cli->workspace));
    TRY(interruption_begin(&interruption, &rebuild->cli->workspace.log));
    rebuild->options.lock = &keeper;
    rebuild->options.interruption = &interruption;
    struct error *error = fill_and_replace(rebuild);
    last_run_end(&rebuild->run, error, rebuild->outcome.wanted, rebuild->outcome.failed);
    error_keep_first(&error, note_end(rebuild));
    return error;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status)
{
    CLEANUP(rebuild_deinit) struct rebuild rebuild = {.cli = cli};
    bool keeps_old = false;
    const struct option_value own[] = {{0, "keep-old", NULL, &keeps_old}, {0}};
    struct kernel_list list;
    size_t *indexes = NULL;
    int next;

    TRY(cli_begin(cli, &command_rebuild, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (next != argc)
        return cli_usage_error("rebuild", "no word is wanted");
    TRY(find_paths(&rebuild, keeps_old));
    TRY(data_claim(&cli->workspace));
    TRY(workspace_read_list(&cli->workspace, &list));
    struct error *error = pattern_resolution_ask(&cli->workspace, NULL, 0, &list);
    if (!error)
        error = fetching_select(&list, NULL, 0, &indexes, &rebuild.options.count);
    if (!error)
        error = fetching_check_selected(&list, rebuild.options.count);
    rebuild.options.workspace = &cli->workspace;
    rebuild.options.tries_all = true;
    rebuild.options.list = &list;
    rebuild.options.indexes = indexes;
    if (!error)
        error = rebuild_all(&rebuild);
    if (!error && rebuild.outcome.failed > 0)
        *status = rebuild.outcome.failed < rebuild.outcome.wanted ? STATUS_PARTLY : STATUS_FAILED;
    free(indexes);
    kernel_list_deinit(&list);
    return error;
}

const struct command command_rebuild = {
    .name = "rebuild",
    .summary = "make the data set anew, beside the old one",
    .usage = usage,
    .run = run,
};
