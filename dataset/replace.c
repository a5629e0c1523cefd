/* SPDX-License-Identifier: MIT */
/* One data set in the place of another, or none. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/system/file.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/schema.h"

/* Who reads may well read for hours: there is no point in waiting for long. Who reads again and
 * again leaves gaps: a try for each, as SQLite itself does not wait here. */
enum { TRIES = 200, TRY_MILLISECONDS = 10 };

enum { HEADER_BYTES = 72 };

static struct error *read_journal_mode(const struct sql_database *database, bool *is_plain_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(database, "PRAGMA journal_mode = DELETE", &statement));
    TRY(sql_step(database, statement, &has_row));
    *is_plain_ret = has_row && strcmp(sql_column_text(statement, 0), "delete") == 0;
    return NULL;
}

/* Tries to have the file alone, in its plain form; *IS_PLAIN_RET is false where others have it
 * open. */
static struct error *try_plain(const struct sql_database *database, bool *is_plain_ret)
{
    struct error *error = read_journal_mode(database, is_plain_ret);

    if (!error || error->code != ERROR_SYSTEM)
        return error;
    error_destroy(error);
    *is_plain_ret = false;
    return NULL;
}

static struct error *make_plain(const struct sql_database *database, bool *is_plain_ret)
{
    const struct timespec wait = {0, TRY_MILLISECONDS * 1000000L};

    sqlite3_busy_timeout(database->handle, 0);
    for (unsigned tries = 0; tries < TRIES; tries++) {
        TRY(try_plain(database, is_plain_ret));
        if (*is_plain_ret)
            return NULL;
        nanosleep(&wait, NULL);
    }
    return NULL;
}

/* Brings everything into the one file, so that no log is left that would be taken for the new
 * file's. It cannot be done while somebody else has the file open. */
static struct error *make_one_file(const char *path)
{
    struct dataset *dataset = NULL;
    bool is_plain = false;

    TRY(dataset_open(path, DATASET_WRITE, &dataset));
    struct error *error = make_plain(&dataset->database, &is_plain);
    dataset_close(dataset);
    if (!error && !is_plain)
        error = error_create(ERROR_SYSTEM, path,
                             "another program has it open; close that and try again: what was done "
                             "is kept");
    return error;
}

static struct error *sync_file(const char *path)
{
    CLEANUP(close_pointer) int file = open(path, O_RDWR | O_CLOEXEC);

    if (file < 0 || fsync(file) != 0)
        return error_create_errno(errno, path, "cannot bring to disk");
    return NULL;
}

static void remove_with_suffix(const char *path, const char *suffix)
{
    CLEANUP(free_pointer) char *name = NULL;

    if (asprintf(&name, "%s%s", path, suffix) < 0)
        name = NULL;
    if (name)
        unlink(name);
}

static void remove_logs_of(const char *path)
{
    remove_with_suffix(path, "-wal");
    remove_with_suffix(path, "-shm");
}

static bool has_suffixed(const char *path, const char *suffix)
{
    CLEANUP(free_pointer) char *name = NULL;

    if (asprintf(&name, "%s%s", path, suffix) < 0)
        name = NULL;
    return name && access(name, F_OK) == 0;
}

/* The header of a data set, or of one that was never completed: it has no bytes, or SQLite's
 * journal says how it is to be undone. SQLite's file format, section 1.3: the application's id is
 * at offset 68. */
static bool is_data_set(const char *path)
{
    static const char magic[] = "SQLite format 3";
    CLEANUP(close_pointer)
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    unsigned char header[HEADER_BYTES];
    struct stat status;

    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    if (status.st_size == 0)
        return true;
    if (read(file, header, sizeof(header)) != (ssize_t)sizeof(header) ||
        memcmp(header, magic, sizeof(magic)) != 0)
        return false;
    uint32_t application = (uint32_t)header[68] << 24 | (uint32_t)header[69] << 16 |
                           (uint32_t)header[70] << 8 | header[71];
    return application == DATASET_APPLICATION_ID ||
           (application == 0 && has_suffixed(path, "-journal"));
}

struct error *dataset_remove(const char *path)
{
    struct stat status;

    if (lstat(path, &status) != 0 && errno == ENOENT)
        return NULL;
    if (!is_data_set(path))
        return error_create(ERROR_CONFIGURATION, path,
                            "is in the way, and no data set of kstruct's: move it elsewhere");
    unlink(path);
    remove_logs_of(path);
    remove_with_suffix(path, "-journal");
    return NULL;
}

/* A file that cannot be read as a data set is what is to be replaced, too. */
static struct error *prepare_old(const char *path)
{
    struct error *error = NULL;

    if (access(path, F_OK) != 0)
        return NULL;
    error = make_one_file(path);
    if (error && error->code == ERROR_DATASET) {
        error_destroy(error);
        error = NULL;
    }
    if (!error)
        remove_logs_of(path);
    return error;
}

static struct error *prepare_new(const char *path)
{
    TRY(make_one_file(path));
    remove_logs_of(path);
    return sync_file(path);
}

/* A second name, so that PATH is there at any moment. */
static struct error *keep(const char *path, const char *kept_path)
{
    TRY(dataset_remove(kept_path));
    if (link(path, kept_path) != 0 && errno != ENOENT)
        return error_create_errno(errno, kept_path, "cannot keep the old data set there");
    return NULL;
}

static struct error *put_in_place(const char *path, const char *new_path)
{
    if (rename(new_path, path) != 0)
        return error_create_errno(errno, path, "cannot put the new data set there");
    return file_sync_directory(path);
}

struct error *dataset_replace(const char *path, const char *new_path, const char *kept_path)
{
    TRY(prepare_new(new_path));
    TRY(prepare_old(path));
    if (kept_path)
        TRY(keep(path, kept_path));
    return put_in_place(path, new_path);
}

struct error *dataset_replace_damaged(const char *path, const char *new_path, const char *kept_path)
{
    CLEANUP(free_pointer) char *log = NULL;
    CLEANUP(free_pointer) char *kept_log = NULL;

    if (asprintf(&log, "%s-wal", path) < 0 || asprintf(&kept_log, "%s-wal", kept_path) < 0)
        return error_out_of_memory();
    TRY(prepare_new(new_path));
    TRY(keep(path, kept_path));
    /* It belongs to the damaged one, and would be taken for the new one's. */
    if (rename(log, kept_log) != 0 && errno != ENOENT)
        return error_create_errno(errno, kept_log, "cannot keep the old data set's log there");
    remove_logs_of(path);
    return put_in_place(path, new_path);
}
