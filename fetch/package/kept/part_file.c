/* SPDX-License-Identifier: MIT */
#include "fetch/package/kept/part_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/system/file.h"
#include "fetch/package/kept/package_record.h"

enum {
    HASHED_AT_ONCE = 256 * 1024,
    ORIGIN_LENGTH_MAXIMUM = 65536,
    NAP_NANOSECONDS = 100 * 1000 * 1000
};

static struct error *lock(int file_descriptor, const char *path, struct log *log,
                          const atomic_bool *is_cancelled)
{
    const struct timespec nap = {0, NAP_NANOSECONDS};
    bool is_told = false;

    while (flock(file_descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_create_errno(errno, path, "cannot lock");
        if (is_cancelled && atomic_load(is_cancelled))
            return error_create(ERROR_INTERRUPTED, path, "another process fetches it");
        if (!is_told)
            log_write(log, LOG_NOTICE, "%s: waiting for another process that fetches it", path);
        is_told = true;
        nanosleep(&nap, NULL);
    }
    return NULL;
}

/* The one who held the lock before may have renamed or removed the file. */
static bool is_still_at(int file_descriptor, const char *path)
{
    struct stat opened;
    struct stat named;

    return fstat(file_descriptor, &opened) == 0 && lstat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static struct error *open_locked(const char *path, struct log *log, const atomic_bool *is_cancelled,
                                 int *ret)
{
    for (;;) {
        CLEANUP(close_pointer)
        int file_descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);

        if (file_descriptor < 0)
            return error_create_errno(errno, path, "cannot create");
        TRY(lock(file_descriptor, path, log, is_cancelled));
        if (is_still_at(file_descriptor, path)) {
            *ret = file_descriptor;
            file_descriptor = -1;
            return NULL;
        }
    }
}

/* Hashes what is there, so that more can be appended. */
static struct error *take_existing(struct part_file *part)
{
    char *bytes = malloc(HASHED_AT_ONCE);
    struct error *error = bytes ? NULL : error_out_of_memory();

    while (!error) {
        ssize_t count = read(part->file_descriptor, bytes, HASHED_AT_ONCE);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            error = error_create_errno(errno, part->path, "cannot read");
        if (count <= 0)
            break;
        part->byte_size += (uint64_t)count;
        error = sha256_update(&part->hash, bytes, (size_t)count);
    }
    free(bytes);
    return error;
}

/* What cannot be used is no error: the file is fetched from its start. */
static struct error *resume(struct part_file *part)
{
    CLEANUP(free_pointer) char *path = NULL;
    char *origin = NULL;
    size_t length = 0;

    TRY(package_record_path(part->path, &path));
    struct error *error = file_read(path, ORIGIN_LENGTH_MAXIMUM, &origin, &length);
    if (error || strlen(origin) != length) {
        error_destroy(error);
        free(origin);
        return part_file_clear(part, NULL);
    }
    part->origin = origin;
    TRY(sha256_init(&part->hash));
    return take_existing(part);
}

static struct error *part_path(const char *final_path, char **path_ret)
{
    if (asprintf(path_ret, "%s.part", final_path) < 0) {
        *path_ret = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

struct error *part_file_init(struct part_file *part, const char *final_path, struct log *log,
                             const atomic_bool *is_cancelled)
{
    CLEANUP(part_file_deinit) struct part_file new = {.file_descriptor = -1};
    CLEANUP(free_pointer) char *path = NULL;

    new.final_path = strdup(final_path);
    if (!new.final_path)
        return error_out_of_memory();
    TRY(part_path(final_path, &path));
    TRY(open_locked(path, log, is_cancelled, &new.file_descriptor));
    new.path = path;
    path = NULL;
    TRY(resume(&new));
    *part = new;
    new = (struct part_file){.file_descriptor = -1};
    return NULL;
}

/* Of the part at PATH. */
static void remove_origin(const char *part_path)
{
    CLEANUP(free_pointer) char *path = NULL;
    struct error *error = package_record_path(part_path, &path);

    if (!error)
        unlink(path);
    error_destroy(error);
}

static void forget_path(struct part_file *part)
{
    free(part->path);
    part->path = NULL;
}

void part_file_deinit(struct part_file *part)
{
    if (part->path)
        package_discard(part->path);
    close_pointer(&part->file_descriptor);
    free(part->path);
    free(part->final_path);
    free(part->origin);
    sha256_deinit(&part->hash);
    *part = (struct part_file){.file_descriptor = -1};
}

void part_file_keep(struct part_file *part)
{
    if (part->path && part->origin && part->byte_size > 0)
        forget_path(part);
}

/* The note is written before the bytes: those that a note from before would lie about are gone. */
static struct error *note_origin(struct part_file *part, const char *origin)
{
    CLEANUP(free_pointer) char *path = NULL;

    TRY(package_record_path(part->path, &path));
    CLEANUP(close_pointer)
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0)
        return error_create_errno(errno, path, "cannot create");
    TRY(file_write_all(file, origin, strlen(origin), path));
    part->origin = strdup(origin);
    return part->origin ? NULL : error_out_of_memory();
}

struct error *part_file_clear(struct part_file *part, const char *origin)
{
    if (ftruncate(part->file_descriptor, 0) != 0 || lseek(part->file_descriptor, 0, SEEK_SET) != 0)
        return error_create_errno(errno, part->path, "cannot empty");
    free(part->origin);
    part->origin = NULL;
    part->byte_size = 0;
    sha256_deinit(&part->hash);
    TRY(sha256_init(&part->hash));
    if (origin)
        return note_origin(part, origin);
    remove_origin(part->path);
    return NULL;
}

size_t part_file_beginning(const struct part_file *part, void *bytes_ret, size_t length)
{
    ssize_t count = pread(part->file_descriptor, bytes_ret, length, 0);

    return count > 0 ? (size_t)count : 0;
}

struct error *part_file_append(struct part_file *part, const void *bytes, size_t length)
{
    TRY(sha256_update(&part->hash, bytes, length));
    TRY(file_write_all(part->file_descriptor, bytes, length, part->path));
    part->byte_size += length;
    return NULL;
}

struct error *part_file_hash(const struct part_file *part, char *hex_ret)
{
    CLEANUP(sha256_deinit) struct sha256 hash = {0};

    TRY(sha256_copy(&part->hash, &hash));
    return sha256_finish(&hash, hex_ret);
}

struct error *part_file_publish(struct part_file *part)
{
    if (fsync(part->file_descriptor) != 0)
        return error_create_errno(errno, part->path, "cannot bring to disk");
    if (rename(part->path, part->final_path) != 0)
        return error_create_errno(errno, part->final_path, "cannot put the fetched file there");
    remove_origin(part->path);
    forget_path(part);
    return file_sync_directory(part->final_path);
}

struct error *part_file_tidy(const char *final_path)
{
    CLEANUP(free_pointer) char *path = NULL;

    TRY(part_path(final_path, &path));
    if (access(path, F_OK) != 0 && errno == ENOENT)
        remove_origin(path);
    return NULL;
}
