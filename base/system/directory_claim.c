/* SPDX-License-Identifier: MIT */
#include "base/system/directory_claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"

static void close_listing(DIR **listing)
{
    if (*listing)
        closedir(*listing);
}

static bool is_marked(int directory, const struct directory_use *use)
{
    struct stat status;

    return file_is_regular_at(directory, use->mark, &status);
}

/* Is there something, and nothing that tells that it is ours? */
static struct error *is_anothers(int directory, const char *path, const struct directory_use *use,
                                 bool *is_anothers_ret)
{
    CLEANUP(close_pointer) int descriptor = openat(directory, ".", O_RDONLY | O_CLOEXEC);
    CLEANUP(close_listing) DIR *listing = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    bool is_empty = true;

    if (!listing)
        return error_create_errno(errno, path, "cannot list the directory");
    descriptor = -1; /* the listing's now */
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(listing);
        if (!entry)
            break;
        if (use->is_sign(use->context, directory, entry->d_name)) {
            *is_anothers_ret = false;
            return NULL;
        }
        if (entry->d_name[0] != '.')
            is_empty = false;
    }
    if (errno != 0)
        return error_create_errno(errno, path, "cannot list the directory");
    *is_anothers_ret = !is_empty;
    return NULL;
}

static struct error *put_mark(int directory, const char *path, const struct directory_use *use)
{
    CLEANUP(close_pointer)
    int mark =
        openat(directory, use->mark, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

    int reason = errno;
    /* Another process may have been quicker. */
    if (mark < 0 && !(reason == EEXIST && is_marked(directory, use)))
        return error_create_errno(reason, path, "cannot create %s in it", use->mark);
    return NULL;
}

struct error *directory_claim(int directory, const char *path, const struct directory_use *use,
                              bool adopts)
{
    bool is_refused = false;

    if (is_marked(directory, use))
        return NULL;
    if (!adopts)
        TRY(is_anothers(directory, path, use, &is_refused));
    if (is_refused)
        return error_create(ERROR_USAGE, path,
                            "it is not %s of kstruct's, and not empty; choose another directory, "
                            "or %s",
                            use->noun, use->way);
    return put_mark(directory, path, use);
}
