/* SPDX-License-Identifier: MIT */
#include "run/fetching/lock_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/system/file.h"

static bool is_directory_writable(const char *path)
{
    CLEANUP(free_pointer) char *directory = path_directory(path);

    return !directory || access(directory, W_OK) == 0;
}

/* Beside the list, where it belongs; or in the data directory, where a list below /etc has none
 * beside it and its place is not this user's to write to. */
static struct error *default_path(const struct workspace *workspace, char **path_ret)
{
    CLEANUP(free_pointer) char *beside = NULL;

    TRY(lock_file_default_path(workspace->settings.list, &beside));
    if (access(beside, F_OK) != 0 && !is_directory_writable(beside))
        return workspace_path(workspace, path_base_name(beside), path_ret);
    *path_ret = beside;
    beside = NULL;
    return NULL;
}

struct error *lock_keeper_begin(struct workspace *workspace, struct lock_keeper *keeper)
{
    struct config_errors errors = {0};

    *keeper = (struct lock_keeper){.workspace = workspace};
    pthread_mutex_init(&keeper->mutex, NULL);
    if (!workspace->settings.lock)
        TRY(default_path(workspace, &keeper->path));
    else if (!(keeper->path = strdup(workspace->settings.lock)))
        return error_out_of_memory();
    struct error *error = lock_file_read(keeper->path, &keeper->lock, &errors);
    for (size_t i = 0; i < errors.count; i++)
        log_error(&workspace->log, errors.errors[i]);
    config_errors_deinit(&errors);
    return error;
}

void lock_keeper_end(struct lock_keeper *keeper)
{
    if (!keeper->workspace)
        return;
    lock_file_deinit(&keeper->lock);
    lock_file_deinit(&keeper->changes);
    pthread_mutex_destroy(&keeper->mutex);
    free(keeper->path);
    *keeper = (struct lock_keeper){0};
}

const struct locked_package *lock_keeper_find(const struct lock_keeper *keeper,
                                              const struct kernel_entry *entry)
{
    const struct locked_package *package = lock_file_find(&keeper->lock, entry->name.text);

    return package && locked_package_fits(package, entry) ? package : NULL;
}

void lock_keeper_hash(struct lock_keeper *keeper, const struct kernel_entry *entry,
                      char sha256[SHA256_HEX_LENGTH + 1])
{
    const struct locked_package *package = NULL;

    pthread_mutex_lock(&keeper->mutex);
    if (!keeper->has_failed)
        package = lock_file_find(&keeper->changes, entry->name.text);
    if (!package)
        package = lock_keeper_find(keeper, entry);
    snprintf(sha256, SHA256_HEX_LENGTH + 1, "%s", package ? package->sha256 : "");
    pthread_mutex_unlock(&keeper->mutex);
}

void lock_keeper_apply(const struct lock_keeper *keeper, const struct kernel_entry *entry,
                       struct fetch_request *request)
{
    const struct locked_package *package = lock_keeper_find(keeper, entry);

    if (!package)
        return;
    request->sha256 = package->sha256;
    request->is_locked = !entry->sha256;
    request->locked_size = package->byte_size;
    /* The list's own URL is asked anyway. */
    if (!entry->url)
        request->locked_url = package->url;
}

/* What is told of a kernel that was locked otherwise. */
static void log_change(const struct lock_keeper *keeper, const struct kernel_entry *entry,
                       const struct locked_package *now)
{
    const struct locked_package *before = lock_file_find(&keeper->lock, entry->name.text);

    if (!before)
        return;
    if (locked_package_fits(before, entry) && strcmp(before->sha256, now->sha256) != 0)
        log_write(&keeper->workspace->log, LOG_NOTICE,
                  "%s: is locked anew: SHA-256 %s instead of %s", entry->name.text, now->sha256,
                  before->sha256);
    else if (locked_package_fits(before, entry))
        log_write(&keeper->workspace->log, LOG_NOTICE, "%s: the locked package is now found at %s",
                  entry->name.text, now->url);
    else
        log_write(&keeper->workspace->log, LOG_NOTICE,
                  "%s: the list asks for another package than is locked, which is locked instead",
                  entry->name.text);
}

void lock_keeper_note(struct lock_keeper *keeper, const struct kernel_entry *entry,
                      const struct fetched_package *package)
{
    const struct locked_package *before = lock_keeper_find(keeper, entry);
    const struct locked_package now = {
        .version = entry->version ? entry->version : package->package_version,
        .apt = entry->apt,
        .is_given = entry->url != NULL,
        .url = package->url,
        .byte_size = package->byte_size,
        .sha256 = package->sha256,
    };

    if (!package->url || (before && strcmp(before->url, package->url) == 0 &&
                          strcmp(before->sha256, package->sha256) == 0))
        return;
    pthread_mutex_lock(&keeper->mutex);
    struct error *error = lock_file_put(&keeper->changes, entry->name.text, &now);
    pthread_mutex_unlock(&keeper->mutex);
    if (error)
        log_write(&keeper->workspace->log, LOG_WARNING, "%s: %s", entry->name.text, error->why);
    else
        log_change(keeper, entry, &now);
    error_destroy(error);
}

static bool is_disk_full(const char *path)
{
    CLEANUP(free_pointer) char *directory = path_directory(path);
    struct statvfs disk;

    return directory && statvfs(directory, &disk) == 0 &&
           (disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0));
}

static struct error *save(struct lock_keeper *keeper)
{
    struct error *error = NULL;

    pthread_mutex_lock(&keeper->mutex);
    if (keeper->changes.count > 0 && !keeper->has_failed)
        error = lock_file_update(keeper->path, &keeper->changes);
    pthread_mutex_unlock(&keeper->mutex);
    return error;
}

/* Once is enough: it is not tried again either. */
static void warn(struct lock_keeper *keeper, struct error *error)
{
    pthread_mutex_lock(&keeper->mutex);
    keeper->has_failed = true;
    pthread_mutex_unlock(&keeper->mutex);
    log_write(&keeper->workspace->log, LOG_WARNING,
              "%s: the lock file cannot be kept up to date: %s; name another one with `lock` in "
              "the settings",
              keeper->path, error->why);
    error_destroy(error);
}

void lock_keeper_save(struct lock_keeper *keeper)
{
    struct error *error = save(keeper);

    if (error)
        warn(keeper, error);
}

static bool is_noted(struct lock_keeper *keeper, const char *kernel_name)
{
    pthread_mutex_lock(&keeper->mutex);
    bool is = lock_file_find(&keeper->changes, kernel_name) != NULL;
    pthread_mutex_unlock(&keeper->mutex);
    return is;
}

struct error *lock_keeper_secure(struct lock_keeper *keeper, const char *kernel_name)
{
    if (!is_noted(keeper, kernel_name))
        return NULL;
    struct error *error = save(keeper);
    if (!error || is_disk_full(keeper->path))
        return error;
    warn(keeper, error);
    return NULL;
}
