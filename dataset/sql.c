/* SPDX-License-Identifier: MIT */
#include "dataset/sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* As many as there are different ones in the source. */
struct sql_kept {
    size_t count;
    sqlite3_stmt **statements;
};

static const char *advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG: /* nothing so long was ever written: see C_NAME_MAXIMUM and the like */
    case SQLITE_CORRUPT: return SQL_DAMAGED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "; another program is writing to it: try again later";
    case SQLITE_FULL: return "; free some disk space and try again";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return "; check the permissions of the file and of its directory";
    default: return "";
    }
}

/* Is the file to blame, or this machine and what else runs on it? */
static enum error_code translate(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return ERROR_SYSTEM;
    /* A disk that fails, or has no room: what is on it may well be whole. */
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_DATA ? ERROR_DATASET
                                                                            : ERROR_SYSTEM;
    /* What was to be written is at fault, not what is there. */
    case SQLITE_CONSTRAINT: return ERROR_INTERNAL;
    default: return ERROR_DATASET;
    }
}

struct error *sql_error(const struct sql_database *database, const char *what)
{
    int code = sqlite3_extended_errcode(database->handle);

    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
        return error_out_of_memory();
    return error_create(translate(code), database->path, "%s: %s%s", what,
                        sqlite3_errmsg(database->handle), advice(code));
}

struct error *sql_execute(const struct sql_database *database, const char *sql)
{
    if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sql_error(database, "cannot change the data set");
    return NULL;
}

struct error *sql_begin(const struct sql_database *database)
{
    return sql_execute(database, "BEGIN IMMEDIATE");
}

struct error *sql_end(const struct sql_database *database, struct error *error)
{
    if (!error)
        error = sql_execute(database, "COMMIT");
    if (error)
        sql_end_reading(database);
    return error;
}

void sql_end_reading(const struct sql_database *database)
{
    sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

struct error *sql_prepare(const struct sql_database *database, const char *sql,
                          sqlite3_stmt **statement_ret)
{
    if (sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement_ret,
                           NULL) != SQLITE_OK)
        return sql_error(database, "cannot read the data set");
    return NULL;
}

void sql_finalize(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
    *statement = NULL;
}

struct error *sql_begin_keeping(struct sql_database *database)
{
    database->kept = calloc(1, sizeof(*database->kept));
    return database->kept ? NULL : error_out_of_memory();
}

struct error *sql_prepare_kept(const struct sql_database *database, const char *sql,
                               sqlite3_stmt **statement_ret)
{
    struct sql_kept *kept = database->kept;

    for (size_t i = 0; kept && i < kept->count; i++) {
        if (strcmp(sqlite3_sql(kept->statements[i]), sql) == 0) {
            *statement_ret = kept->statements[i];
            return NULL;
        }
    }
    if (!kept)
        return error_create(ERROR_INTERNAL, database->path, "no statements are kept");
    sqlite3_stmt **statements =
        reallocarray(kept->statements, kept->count + 1, sizeof(sqlite3_stmt *));
    if (!statements)
        return error_out_of_memory();
    kept->statements = statements;
    TRY(sql_prepare(database, sql, statement_ret));
    statements[kept->count++] = *statement_ret;
    return NULL;
}

void sql_release(sqlite3_stmt **statement)
{
    if (*statement) {
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
    }
    *statement = NULL;
}

void sql_close(struct sql_database *database)
{
    for (size_t i = 0; database->kept && i < database->kept->count; i++)
        sqlite3_finalize(database->kept->statements[i]);
    if (database->kept)
        free(database->kept->statements);
    free(database->kept);
    sqlite3_close(database->handle);
    free(database->path);
    *database = (struct sql_database){0};
}

struct error *sql_step(const struct sql_database *database, sqlite3_stmt *statement,
                       bool *has_row_ret)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_error(database, "cannot read the data set");
    *has_row_ret = code == SQLITE_ROW;
    return NULL;
}

struct error *sql_run(const struct sql_database *database, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        struct error *error = sql_error(database, "cannot change the data set");
        sqlite3_reset(statement);
        return error;
    }
    sqlite3_reset(statement);
    return NULL;
}

void sql_bind_text(sqlite3_stmt *statement, int position, const char *text)
{
    sqlite3_bind_text(statement, position, text, -1, SQLITE_STATIC);
}

void sql_bind_number(sqlite3_stmt *statement, int position, uint64_t number)
{
    sqlite3_bind_int64(statement, position, (sqlite3_int64)number);
}

void sql_bind_bytes(sqlite3_stmt *statement, int position, const void *bytes, size_t length)
{
    sqlite3_bind_blob64(statement, position, bytes, length, SQLITE_STATIC);
}

void sql_list_append(struct buffer *list, uint64_t number)
{
    buffer_append_format(list, "%c%" PRIu64, list->length > 0 ? ',' : '[', number);
}

void sql_list_end(struct buffer *list)
{
    buffer_append_text(list, list->length > 0 ? "]" : "[]");
}

const char *sql_column_text(sqlite3_stmt *statement, int position)
{
    const unsigned char *text = sqlite3_column_text(statement, position);

    return text ? (const char *)text : "";
}

uint64_t sql_column_number(sqlite3_stmt *statement, int position)
{
    return (uint64_t)sqlite3_column_int64(statement, position);
}

struct error *sql_copy_text(sqlite3_stmt *statement, int position, struct arena *arena,
                            const char **text_ret)
{
    const char *text = sql_column_text(statement, position);

    *text_ret = arena_copy_text(arena, text, strlen(text));
    return *text_ret ? NULL : error_out_of_memory();
}

static struct error *take_number(const struct sql_database *database, sqlite3_stmt *statement,
                                 uint64_t *number_ret)
{
    bool has_row = false;

    TRY(sql_step(database, statement, &has_row));
    *number_ret = has_row ? sql_column_number(statement, 0) : 0;
    return NULL;
}

struct error *sql_query_number(const struct sql_database *database, const char *sql,
                               uint64_t *number_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;

    TRY(sql_prepare(database, sql, &statement));
    return take_number(database, statement, number_ret);
}

struct error *sql_query_number_kept(const struct sql_database *database, const char *sql,
                                    uint64_t *number_ret)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;

    TRY(sql_prepare_kept(database, sql, &statement));
    return take_number(database, statement, number_ret);
}
