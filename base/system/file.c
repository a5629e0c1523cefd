/* SPDX-License-Identifier: MIT */
#include "base/system/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary name is that of the file that is replaced, this, the number of the process that does
 * it, a point, and so many random hexadecimal digits: nobody else has such a name, nor knows it
 * before. */
#define TEMPORARY_INFIX ".tmp.kstruct."
enum { RANDOM_DIGITS = 16, LINKS_MAXIMUM = 40 };

char *path_join(const char *directory, const char *name)
{
    char *path = NULL;
    size_t length = strlen(directory);
    const char *separator = length == 0 || directory[length - 1] == '/' ? "" : "/";

    if (asprintf(&path, "%s%s%s", directory, separator, name) < 0)
        return NULL;
    return path;
}

const char *path_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *path_directory(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

bool text_has_suffix(const char *text, const char *suffix)
{
    size_t text_length = strlen(text);
    size_t suffix_length = strlen(suffix);

    return text_length >= suffix_length && strcmp(text + text_length - suffix_length, suffix) == 0;
}

void free_pointer(char **pointer)
{
    free(*pointer);
}

void close_pointer(int *file_descriptor)
{
    if (*file_descriptor >= 0)
        close(*file_descriptor);
}

static struct error *create_one_directory(const char *path)
{
    struct stat status;

    if (mkdir(path, 0777) == 0)
        return NULL;
    int reason = errno;
    if (reason == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return NULL;
    return error_create_errno(reason, path, "cannot create the directory");
}

struct error *directory_create(const char *path)
{
    CLEANUP(free_pointer) char *prefix = strdup(path);

    if (!prefix)
        return error_out_of_memory();
    if (prefix[0] == '\0')
        return error_create(ERROR_CONFIGURATION, NULL, "a directory's name is empty");
    for (char *slash = strchr(prefix + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        TRY(create_one_directory(prefix));
        *slash = '/';
    }
    return create_one_directory(prefix);
}

static struct error *check_readable_size(int file_descriptor, const char *path, size_t maximum,
                                         size_t *size_ret)
{
    struct stat status;

    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    if (!S_ISREG(status.st_mode))
        return error_create(ERROR_SYSTEM, path, "not a regular file");
    if ((uint64_t)status.st_size > maximum)
        return error_create(ERROR_LIMIT, path, "has %lld bytes, more than the %zu allowed",
                            (long long)status.st_size, maximum);
    *size_ret = (size_t)status.st_size;
    return NULL;
}

struct error *file_regular_size(int file_descriptor, const char *where, uint64_t *byte_size_ret)
{
    struct stat status;

    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, where, "cannot read");
    if (!S_ISREG(status.st_mode))
        return error_create(ERROR_NOT_A_PACKAGE, where, "is not a regular file");
    *byte_size_ret = (uint64_t)status.st_size;
    return NULL;
}

struct error *file_open_regular(const char *path, int *file_descriptor_ret)
{
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    uint64_t byte_size;

    if (file_descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_create(ERROR_NOT_FOUND, path, "no such file");
    if (file_descriptor < 0)
        return error_create_errno(errno, path, "cannot open");
    TRY(file_regular_size(file_descriptor, path, &byte_size));
    *file_descriptor_ret = file_descriptor;
    file_descriptor = -1;
    return NULL;
}

bool file_is_regular_at(int directory, const char *name, struct stat *status_ret)
{
    return fstatat(directory, name, status_ret, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status_ret->st_mode);
}

struct error *file_read(const char *path, size_t maximum, char **bytes_ret, size_t *length_ret)
{
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    size_t size = 0;
    size_t length = 0;

    if (file_descriptor < 0 && errno == ENOENT)
        return error_create(ERROR_NOT_FOUND, path, "no such file");
    if (file_descriptor < 0)
        return error_create_errno(errno, path, "cannot open");
    TRY(check_readable_size(file_descriptor, path, maximum, &size));
    CLEANUP(free_pointer) char *bytes = malloc(size + 1);
    if (!bytes)
        return error_out_of_memory();
    while (length < size) {
        ssize_t count = read(file_descriptor, bytes + length, size - length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_create_errno(errno, path, "cannot read");
        if (count == 0)
            break;
        length += (size_t)count;
    }
    bytes[length] = '\0';
    *bytes_ret = bytes;
    *length_ret = length;
    bytes = NULL;
    return NULL;
}

/* At BYTE_OFFSET, or at the file's own offset if that is negative. */
static struct error *write_all(int file_descriptor, const char *position, size_t length,
                               off_t byte_offset, const char *where)
{
    while (length > 0) {
        ssize_t count = byte_offset < 0 ? write(file_descriptor, position, length)
                                        : pwrite(file_descriptor, position, length, byte_offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_create_errno(errno, where, "cannot write");
        position += count;
        byte_offset += byte_offset < 0 ? 0 : count;
        length -= (size_t)count;
    }
    return NULL;
}

struct error *file_write_all(int file_descriptor, const void *bytes, size_t length,
                             const char *where)
{
    return write_all(file_descriptor, bytes, length, -1, where);
}

struct error *file_write_all_at(int file_descriptor, const void *bytes, size_t length,
                                uint64_t byte_offset, const char *where)
{
    if (byte_offset > INT64_MAX - length)
        return error_create(ERROR_INTERNAL, where, "cannot write beyond any file");
    return write_all(file_descriptor, bytes, length, (off_t)byte_offset, where);
}

/* Where the link at PATH leads, or a copy of PATH if it is none. */
static struct error *follow_once(const char *path, char **target_ret)
{
    char place[PATH_MAX];
    ssize_t length = readlink(path, place, sizeof(place) - 1);

    if (length < 0) {
        *target_ret = strdup(path);
    } else if (place[0] == '/') {
        *target_ret = strndup(place, (size_t)length);
    } else {
        CLEANUP(free_pointer) char *directory = path_directory(path);
        place[length] = '\0';
        *target_ret = directory ? path_join(directory, place) : NULL;
    }
    return *target_ret ? NULL : error_out_of_memory();
}

/* Where writing to PATH ends up, also if nothing is there yet: *is_special_ret if that is a device
 * or the like. */
static struct error *find_target(const char *path, char **target_ret, bool *is_special_ret)
{
    CLEANUP(free_pointer) char *target = strdup(path);
    struct stat status;

    *is_special_ret =
        stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
    for (unsigned links = 0; target && lstat(target, &status) == 0 && S_ISLNK(status.st_mode);) {
        char *next;
        if (links++ == LINKS_MAXIMUM)
            return error_create_errno(ELOOP, path, "cannot follow the link");
        TRY(follow_once(target, &next));
        free(target);
        target = next;
    }
    *target_ret = target;
    target = NULL;
    return *target_ret ? NULL : error_out_of_memory();
}

/* Was the file NAME left by a process that was replacing the file BASE_NAME and is no more? */
static bool is_leftover(const char *name, const char *base_name)
{
    size_t length = strlen(base_name);
    char *end = NULL;

    if (strncmp(name, base_name, length) != 0 ||
        strncmp(name + length, TEMPORARY_INFIX, strlen(TEMPORARY_INFIX)) != 0)
        return false;
    long process = strtol(name + length + strlen(TEMPORARY_INFIX), &end, 10);
    return *end == '.' && strlen(end + 1) == RANDOM_DIGITS &&
           strspn(end + 1, "0123456789abcdef") == RANDOM_DIGITS && process > 0 &&
           process <= INT_MAX && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

/* A file of this user's: no link is followed, nor anybody else's file removed. */
static bool is_own_file(int directory, const char *name)
{
    struct stat status;

    return file_is_regular_at(directory, name, &status) && status.st_uid == geteuid();
}

/* A process that is killed cannot remove its temporary file; the next one that replaces PATH does.
 */
static void remove_leftovers(const char *path)
{
    CLEANUP(free_pointer) char *directory = path_directory(path);
    struct dirent *entry;

    if (!directory)
        return;
    DIR *listing = opendir(directory);
    while (listing && (entry = readdir(listing))) {
        if (is_leftover(entry->d_name, path_base_name(path)) &&
            is_own_file(dirfd(listing), entry->d_name))
            unlinkat(dirfd(listing), entry->d_name, 0);
    }
    if (listing)
        closedir(listing);
}

static struct error *create_temporary(struct file_replacement *replacement)
{
    uint64_t number;

    if (getrandom(&number, sizeof(number), 0) != sizeof(number))
        return error_create_errno(errno, replacement->path, "there are no random numbers");
    if (asprintf(&replacement->temporary, "%s" TEMPORARY_INFIX "%ld.%0*" PRIx64, replacement->path,
                 (long)getpid(), RANDOM_DIGITS, number) < 0) {
        replacement->temporary = NULL;
        return error_out_of_memory();
    }
    replacement->file_descriptor =
        open(replacement->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (replacement->file_descriptor >= 0)
        return NULL;
    struct error *error = error_create_errno(errno, replacement->path, "cannot create");
    /* It is not there, or not this one's. */
    free(replacement->temporary);
    replacement->temporary = NULL;
    return error;
}

struct error *file_replacement_begin(const char *path, struct file_replacement *replacement_ret)
{
    CLEANUP(file_replacement_end) struct file_replacement replacement = {.file_descriptor = -1};
    bool is_special = false;

    TRY(find_target(path, &replacement.path, &is_special));
    if (is_special) {
        replacement.file_descriptor = open(replacement.path, O_WRONLY | O_CLOEXEC);
    } else {
        remove_leftovers(replacement.path);
        TRY(create_temporary(&replacement));
    }
    if (replacement.file_descriptor < 0)
        return error_create_errno(errno, path, "cannot write");
    *replacement_ret = replacement;
    replacement = (struct file_replacement){.file_descriptor = -1};
    return NULL;
}

struct error *file_replacement_commit(struct file_replacement *replacement)
{
    if (!replacement->temporary)
        return NULL;
    if (rename(replacement->temporary, replacement->path) != 0)
        return error_create_errno(errno, replacement->path, "cannot replace");
    free(replacement->temporary);
    replacement->temporary = NULL;
    return NULL;
}

void file_replacement_end(struct file_replacement *replacement)
{
    close_pointer(&replacement->file_descriptor);
    if (replacement->temporary)
        unlink(replacement->temporary);
    free(replacement->temporary);
    free(replacement->path);
    *replacement = (struct file_replacement){.file_descriptor = -1};
}

struct error *file_sync_directory(const char *path)
{
    CLEANUP(free_pointer) char *directory = path_directory(path);

    if (!directory)
        return error_out_of_memory();
    CLEANUP(close_pointer)
    int file_descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file_descriptor < 0 || fsync(file_descriptor) != 0)
        return error_create_errno(errno, directory, "cannot bring the directory to disk");
    return NULL;
}

struct error *file_replace(const char *path, const void *bytes, size_t length)
{
    CLEANUP(file_replacement_end) struct file_replacement replacement = {.file_descriptor = -1};

    TRY(file_replacement_begin(path, &replacement));
    TRY(file_write_all(replacement.file_descriptor, bytes, length, path));
    /* A device has nothing to bring to disk, and says so. */
    if (fsync(replacement.file_descriptor) != 0 && replacement.temporary)
        return error_create_errno(errno, path, "cannot write");
    return file_replacement_commit(&replacement);
}

bool file_holds(const char *path, const void *bytes, size_t length)
{
    CLEANUP(free_pointer) char *found = NULL;
    size_t found_length = 0;
    struct error *error = file_read(path, length, &found, &found_length);
    bool holds =
        !error && found_length == length && (length == 0 || memcmp(found, bytes, length) == 0);

    error_destroy(error);
    return holds;
}

struct error *file_update(const char *path, const void *bytes, size_t length)
{
    return file_holds(path, bytes, length) ? NULL : file_replace(path, bytes, length);
}
