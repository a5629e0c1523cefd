/* SPDX-License-Identifier: MIT */
#include "dataset/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/file.h"
#include "dataset/handle.h"
#include "dataset/schema.h"

/* How long to wait for another writer's transaction. */
enum { BUSY_MILLISECONDS = 30 * 1000 };

/* Of a file with a write-ahead log: https://sqlite.org/fileformat2.html, the database header. */
enum { LOG_VERSION_PLACE = 19, LOG_VERSION = 2 };

#define COPY_BYTES_MAXIMUM SIZE_AT_MOST(UINT64_C(4) << 30)

/* Runs the statements that lead from the version of the tables to ours. */
static struct error *change_tables(const struct sql_database *database)
{
    uint64_t version = 0;

    /* Another process may have been quicker. */
    TRY(sql_query_number(database, "PRAGMA user_version", &version));
    if (version == 0) {
        TRY(sql_execute(database, dataset_schema));
        version = DATASET_SCHEMA_VERSION;
    }
    for (; version < DATASET_SCHEMA_VERSION; version++)
        TRY(sql_execute(database, dataset_upgrades[version]));
    TRY(sql_execute(database, "PRAGMA application_id = " AS_TEXT(DATASET_APPLICATION_ID)));
    return sql_execute(database, "PRAGMA user_version = " AS_TEXT(DATASET_SCHEMA_VERSION));
}

/* Makes the tables, or brings those of an older program up to date. */
static struct error *make_tables(const struct sql_database *database)
{
    /* Rows come by the ten thousand: larger pages make fewer of them. */
    TRY(sql_execute(database, "PRAGMA page_size = 16384"));
    TRY(sql_begin(database));
    return sql_end(database, change_tables(database));
}

static struct error *check_version(const struct sql_database *database, enum dataset_mode mode)
{
    uint64_t application = 0;
    uint64_t version = 0;
    uint64_t tables = 0;

    TRY(sql_query_number(database, "PRAGMA application_id", &application));
    TRY(sql_query_number(database, "PRAGMA user_version", &version));
    TRY(sql_query_number(database, "SELECT count(*) FROM sqlite_master", &tables));
    if (application == 0 && version == 0 && tables == 0) {
        if (mode == DATASET_WRITE)
            return make_tables(database);
        return error_create(ERROR_NOT_FOUND, database->path,
                            "the data set is empty; fill it with `kstruct run`");
    }
    if (application != DATASET_APPLICATION_ID)
        return error_create(ERROR_DATASET, database->path,
                            "is an SQLite file of another program, not a data set");
    if (version > DATASET_SCHEMA_VERSION)
        return error_create(
            ERROR_DATASET, database->path,
            "was made by a newer kstruct (schema %llu, this one knows %d); use that "
            "one, or another data directory",
            (unsigned long long)version, DATASET_SCHEMA_VERSION);
    if (version == DATASET_SCHEMA_VERSION)
        return NULL;
    if (mode == DATASET_WRITE)
        return make_tables(database);
    return error_create(ERROR_DATASET, database->path,
                        "was made by an older kstruct; `kstruct run` brings it up to date");
}

static struct error *set_up(struct dataset *dataset, enum dataset_mode mode)
{
    const struct sql_database *database = &dataset->database;

    sqlite3_busy_timeout(database->handle, BUSY_MILLISECONDS);
    TRY(check_version(database, mode));
    /* A report reads nearly all of it, and comes back to the same pages. */
    TRY(sql_execute(database, "PRAGMA cache_size = -65536"));
    if (mode == DATASET_READ)
        return NULL;
    /* The log's files stay when the last writer leaves: without them, nobody could read who may not
     * write into the directory. */
    int is_persistent = 1;
    sqlite3_file_control(database->handle, NULL, SQLITE_FCNTL_PERSIST_WAL, &is_persistent);
    /* With a write-ahead log, others read while a kernel is written, and a kill loses at most the
     * transaction that was open. */
    return sql_execute(
        database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 0;"
        "PRAGMA temp_store = MEMORY");
}

/* How to open the file. Who only reads has to write nevertheless where a process was killed that
 * had a rollback journal: SQLite puts back then what that one had changed. */
static int open_flags(const char *path, enum dataset_mode mode)
{
    CLEANUP(free_pointer) char *journal = NULL;

    if (mode == DATASET_WRITE)
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (asprintf(&journal, "%s-journal", path) < 0)
        journal = NULL;
    return journal && access(journal, F_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
}

/* SQLite would take a file without a byte for a new one. The log beside it, which comes after the
 * tables, tells that there was something once. */
static bool is_emptied(const char *path)
{
    CLEANUP(free_pointer) char *log = NULL;
    struct stat status;

    if (stat(path, &status) != 0 || status.st_size > 0 || asprintf(&log, "%s-wal", path) < 0)
        return false;
    return access(log, F_OK) == 0;
}

/* Opening a pipe, say, would wait for whoever writes to it. */
static struct error *check_regular(const char *path)
{
    struct stat status;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_create(ERROR_SYSTEM, path, "is no regular file, so it cannot be a data set");
    return NULL;
}

/* SQLite reads a file with a write-ahead log by two more files beside it, which it makes where they
 * are missing. Another's sqlite3 takes them away when it ends; then who may not write there could
 * read nothing, until the next run. That nobody is at work on the file is told by there being none.
 */
static bool lacks_log(const char *path)
{
    CLEANUP(free_pointer) char *directory = path_directory(path);
    CLEANUP(free_pointer) char *log = NULL;
    CLEANUP(close_pointer) int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    unsigned char version = 0;

    if (!directory || file < 0 || asprintf(&log, "%s-wal", path) < 0)
        return false;
    return access(directory, W_OK) != 0 && access(log, F_OK) != 0 &&
           pread(file, &version, 1, LOG_VERSION_PLACE) == 1 && version == LOG_VERSION;
}

static bool is_unchanged(const struct stat *before, const char *path)
{
    struct stat now;

    return stat(path, &now) == 0 && now.st_ino == before->st_ino &&
           now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec && lacks_log(path);
}

/* Opens a copy in memory. */
static struct error *open_copy(struct dataset *dataset, const char *path)
{
    struct sql_database *database = &dataset->database;
    struct stat status;
    size_t length = 0;

    if (stat(path, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    TRY(file_read(path, COPY_BYTES_MAXIMUM, &dataset->copy, &length));
    dataset->copy_length = length;
    if (length <= LOG_VERSION_PLACE || !is_unchanged(&status, path))
        return error_create(ERROR_SYSTEM, path, "was changed while it was read; try again");
    /* All of it is here: it needs no log any more. */
    dataset->copy[LOG_VERSION_PLACE] = dataset->copy[LOG_VERSION_PLACE - 1] = 1;
    if (sqlite3_open_v2(":memory:", &database->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_deserialize(database->handle, "main", (unsigned char *)dataset->copy,
                            (sqlite3_int64)length, (sqlite3_int64)length,
                            SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
        return database->handle ? sql_error(database, "cannot open the data set")
                                : error_out_of_memory();
    return set_up(dataset, DATASET_READ);
}

static struct error *open_database(struct dataset *dataset, const char *path,
                                   enum dataset_mode mode)
{
    struct sql_database *database = &dataset->database;
    int access_flags = open_flags(path, mode);

    database->path = strdup(path);
    if (!database->path)
        return error_out_of_memory();
    TRY(sql_begin_keeping(database));
    if (mode == DATASET_READ && access(path, F_OK) != 0 && errno == ENOENT)
        return error_create(ERROR_NOT_FOUND, path,
                            "there is no data set yet; make one with `kstruct run`, `analyze` or "
                            "`import`");
    TRY(check_regular(path));
    if (is_emptied(path))
        return error_create(ERROR_DATASET, path, "has lost all it had" SQL_DAMAGED);
    if (mode == DATASET_READ && lacks_log(path))
        return open_copy(dataset, path);
    if (sqlite3_open_v2(path, &database->handle, access_flags | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        if (!database->handle)
            return error_out_of_memory();
        return sql_error(database, "cannot open the data set");
    }
    return set_up(dataset, mode);
}

struct error *dataset_open(const char *path, enum dataset_mode mode, struct dataset **dataset_ret)
{
    struct dataset *dataset = calloc(1, sizeof(*dataset));

    if (!dataset)
        return error_out_of_memory();
    struct error *error = open_database(dataset, path, mode);
    if (error) {
        dataset_close(dataset);
        return error;
    }
    *dataset_ret = dataset;
    return NULL;
}

/* Copies the data set at PATH, if there is one. */
static struct error *copy_into(const struct sql_database *database, const char *path)
{
    struct dataset *source = NULL;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return NULL;
    TRY(dataset_open(path, DATASET_READ, &source));
    sqlite3_backup *backup =
        sqlite3_backup_init(database->handle, "main", source->database.handle, "main");
    if (backup)
        sqlite3_backup_step(backup, -1);
    bool is_copied = backup && sqlite3_backup_finish(backup) == SQLITE_OK;
    struct error *error = is_copied ? NULL : sql_error(database, "cannot copy the data set");
    dataset_close(source);
    return error;
}

static struct error *open_in_memory(struct dataset *dataset, const char *path)
{
    struct sql_database *database = &dataset->database;

    database->path = strdup(path);
    if (!database->path ||
        sqlite3_open_v2(":memory:", &database->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return error_out_of_memory();
    TRY(sql_begin_keeping(database));
    TRY(copy_into(database, path));
    return check_version(database, DATASET_WRITE);
}

struct error *dataset_open_in_memory(const char *path, struct dataset **dataset_ret)
{
    struct dataset *dataset = calloc(1, sizeof(*dataset));

    if (!dataset)
        return error_out_of_memory();
    struct error *error = open_in_memory(dataset, path);
    if (error) {
        dataset_close(dataset);
        return error;
    }
    *dataset_ret = dataset;
    return NULL;
}

/* The version of the tables; 0 where there is no data set that could be looked at. */
static uint64_t find_version(const char *path)
{
    struct sql_database database = {.path = strdup(path)};
    uint64_t application = 0;
    uint64_t version = 0;
    struct error *error = NULL;

    if (database.path &&
        sqlite3_open_v2(path, &database.handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        error = sql_query_number(&database, "PRAGMA application_id", &application);
        if (!error)
            error = sql_query_number(&database, "PRAGMA user_version", &version);
    }
    error_destroy(error);
    sql_close(&database);
    return application == DATASET_APPLICATION_ID ? version : 0;
}

struct error *dataset_upgrade(const char *path)
{
    struct dataset *dataset;

    TRY(check_regular(path));
    uint64_t version = find_version(path);
    if (version == 0 || version >= DATASET_SCHEMA_VERSION)
        return NULL;
    TRY(dataset_open(path, DATASET_WRITE, &dataset));
    dataset_close(dataset);
    return NULL;
}

struct error *dataset_gather_statistics(struct dataset *dataset)
{
    return sql_execute(&dataset->database, "PRAGMA analysis_limit = 1000; ANALYZE");
}

struct error *dataset_limit_memory(struct dataset *dataset, size_t bytes)
{
    char sql[64];

    snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu", bytes / 1024);
    return sql_execute(&dataset->database, sql);
}

void dataset_close(struct dataset *dataset)
{
    if (!dataset)
        return;
    sql_close(&dataset->database);
    free(dataset->copy);
    free(dataset);
}

struct error *dataset_find_kernel(const struct dataset *dataset, const char *name, uint64_t *id_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(&dataset->database, "SELECT id FROM kernel WHERE name = ?", &statement));
    sql_bind_text(statement, 1, name);
    TRY(sql_step(&dataset->database, statement, &has_row));
    *id_ret = has_row ? sql_column_number(statement, 0) : 0;
    return NULL;
}
