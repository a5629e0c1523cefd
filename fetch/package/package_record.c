/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/public_url.h"

enum { RECORD_MAXIMUM = 65536 };

#define ORIGIN_SUFFIX ".from"

static struct error *origin_path(const char *path, char **origin_path_ret)
{
    if (asprintf(origin_path_ret, "%s%s", path, ORIGIN_SUFFIX) < 0)
        return error_out_of_memory();
    return NULL;
}

static struct error *origin_text(const char *url, const char *sha256, char **text_ret)
{
    CLEANUP(free_pointer) char *public = NULL;

    TRY(public_url(url, &public));
    if (asprintf(text_ret, "%s\n%s\n", public, sha256) < 0)
        return error_out_of_memory();
    return NULL;
}

static struct error *compare_origin(const char *path, const char *url, const char *sha256,
                                    bool *is_same_ret)
{
    CLEANUP(free_pointer) char *origin = NULL;
    CLEANUP(free_pointer) char *wanted = NULL;
    CLEANUP(free_pointer) char *recorded = NULL;
    size_t length = 0;

    TRY(origin_path(path, &origin));
    TRY(origin_text(url, sha256, &wanted));
    TRY(file_read(origin, RECORD_MAXIMUM, &recorded, &length));
    *is_same_ret = strcmp(recorded, wanted) == 0;
    return NULL;
}

bool package_record_tells(const char *path, const char *url, const char *sha256)
{
    bool is_same = false;
    struct error *error = compare_origin(path, url, sha256, &is_same);

    error_destroy(error);
    return !error && is_same;
}

/* Written in place: a record that was cut short only has the package fetched again. */
struct error *package_record_write(const char *path, const char *url, const char *sha256)
{
    CLEANUP(free_pointer) char *origin = NULL;
    CLEANUP(free_pointer) char *text = NULL;

    TRY(origin_path(path, &origin));
    TRY(origin_text(url, sha256, &text));
    /* What is a link there is not followed. */
    unlink(origin);
    CLEANUP(close_pointer)
    int file_descriptor = open(origin, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_descriptor < 0)
        return error_create_errno(errno, origin, "cannot create");
    return file_write_all(file_descriptor, text, strlen(text), origin);
}

void package_discard(const char *path)
{
    CLEANUP(free_pointer) char *origin = NULL;
    struct error *error = origin_path(path, &origin);

    if (!error)
        unlink(origin);
    error_destroy(error);
    unlink(path);
}
