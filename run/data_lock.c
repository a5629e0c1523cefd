/* SPDX-License-Identifier: MIT */
#include "run/data_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/directory_claim.h"
#include "base/system/file.h"

#define LOCK_NAME "lock"
#define MARK_NAME ".kstruct-data"

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

/* What every version has put there. */
static bool is_sign(const void *context UNUSED, int directory, const char *name)
{
    struct stat status;
    bool is_lock = strcmp(name, LOCK_NAME) == 0;

    if (!is_lock && strncmp(name, DATASET_FILE_NAME, strlen(DATASET_FILE_NAME)) != 0)
        return false;
    return file_is_regular_at(directory, name, &status) && (!is_lock || status.st_size == 0);
}

struct error *data_claim(struct workspace *workspace)
{
    static const struct directory_use use = {
        .mark = MARK_NAME,
        .noun = "a data directory",
        .way = "make it one by an empty file " MARK_NAME " in it",
        .is_sign = is_sign,
    };
    const char *path = workspace->settings.data_dir;

    CLEANUP(close_pointer) int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (directory < 0 && errno == ENOENT)
        return NULL;
    if (directory < 0)
        return error_create_errno(errno, path, "cannot open the data directory");
    return directory_claim(directory, path, &use, false);
}

struct error *data_make(struct workspace *workspace)
{
    TRY(directory_create(workspace->settings.data_dir));
    return data_claim(workspace);
}

struct error *data_lock(struct workspace *workspace, int *lock_ret)
{
    struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CLEANUP(free_pointer) char *path = NULL;

    TRY(data_make(workspace));
    TRY(workspace_path(workspace, LOCK_NAME, &path));
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

bool data_is_locked(const struct workspace *workspace)
{
    struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CLEANUP(free_pointer) char *path = NULL;
    struct error *error = workspace_path(workspace, LOCK_NAME, &path);

    error_destroy(error);
    CLEANUP(close_pointer) int lock = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return lock >= 0 && fcntl(lock, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK;
}
