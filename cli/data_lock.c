/* SPDX-License-Identifier: MIT */
#include "cli/data_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

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

struct error *data_lock(struct cli *cli, int *lock_ret)
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
