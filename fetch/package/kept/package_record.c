/* SPDX-License-Identifier: MIT */
#include "fetch/package/kept/package_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "base/text/public_url.h"

enum { RECORD_MAXIMUM = 128 * 1024 };

struct error *package_record_path(const char *path, char **record_path_ret)
{
    if (asprintf(record_path_ret, "%s.from", path) < 0) {
        *record_path_ret = NULL;
        return error_out_of_memory();
    }
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

    TRY(package_record_path(path, &origin));
    TRY(origin_text(url, sha256, &wanted));
    /* A longer one is another. */
    TRY(file_read(origin, strlen(wanted), &recorded, &length));
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

/* The hash in the record "URL\nSHA256\n"; false if RECORD is none. */
static bool take_hash(const char *record, size_t length, char *sha256_ret)
{
    const char *line_end = memchr(record, '\n', length);

    if (!line_end || line_end == record || strlen(record) != length ||
        (size_t)(record + length - line_end) != SHA256_HEX_LENGTH + 2 || record[length - 1] != '\n')
        return false;
    memcpy(sha256_ret, line_end + 1, SHA256_HEX_LENGTH);
    sha256_ret[SHA256_HEX_LENGTH] = '\0';
    return sha256_is_hex(sha256_ret);
}

bool package_record_hash(const char *path, char *sha256_ret)
{
    CLEANUP(free_pointer) char *record_path = NULL;
    CLEANUP(free_pointer) char *record = NULL;
    size_t length = 0;

    struct error *error = package_record_path(path, &record_path);
    if (!error)
        error = file_read(record_path, RECORD_MAXIMUM, &record, &length);
    bool is_read = !error && take_hash(record, length, sha256_ret);
    error_destroy(error);
    return is_read;
}

/* Written in place: a record that was cut short only has the package fetched again. */
struct error *package_record_write(const char *path, const char *url, const char *sha256)
{
    CLEANUP(free_pointer) char *origin = NULL;
    CLEANUP(free_pointer) char *text = NULL;

    TRY(package_record_path(path, &origin));
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
    struct error *error = package_record_path(path, &origin);

    if (!error)
        unlink(origin);
    error_destroy(error);
    unlink(path);
}
