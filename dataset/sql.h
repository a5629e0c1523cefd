/* SPDX-License-Identifier: MIT */
/* SQLite with our errors: its result codes end here. */
#ifndef KSTRUCT_DATASET_SQL_H
#define KSTRUCT_DATASET_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* What is told of a damaged file, after what was noticed. */
#define SQL_DAMAGED                                                                                \
    "; the file is damaged: `kstruct rebuild` makes a new one of the kernels in the list, and "    \
    "keeps this one beside it"

struct sql_kept;

struct sql_database {
    sqlite3 *handle;
    char *path;            /* for errors */
    struct sql_kept *kept; /* the statements of sql_prepare_kept(); NULL: nobody asks for any */
};

/* Closes it, and frees what is in it. Zeros are fine, too. */
void sql_close(struct sql_database *database);

/* Lets statements be kept. */
struct error *sql_begin_keeping(struct sql_database *database) MUST_CHECK;

/* What went wrong last, with WHAT in front of it. */
struct error *sql_error(const struct sql_database *database, const char *what) MUST_CHECK;

/* Runs statements that return no rows. */
struct error *sql_execute(const struct sql_database *database, const char *sql) MUST_CHECK;

/* Begins a transaction that writes. */
struct error *sql_begin(const struct sql_database *database) MUST_CHECK;

/* Ends it: what was done holds if ERROR is NULL, and is undone otherwise. Returns ERROR, or why the
 * end failed. */
struct error *sql_end(const struct sql_database *database, struct error *error) MUST_CHECK;

/* Ends a transaction that was begun to read from one state only. */
void sql_end_reading(const struct sql_database *database);

/* Finalize with sql_finalize(). */
struct error *sql_prepare(const struct sql_database *database, const char *sql,
                          sqlite3_stmt **statement_ret) MUST_CHECK;

/* For CLEANUP; NULL-safe. */
void sql_finalize(sqlite3_stmt **statement);

/* The same for statements that are the same again and again, as for each page of a server: they are
 * prepared once, which takes longer than to run them. To be given back with sql_release(); until
 * then nobody else may ask for the same SQL. */
struct error *sql_prepare_kept(const struct sql_database *database, const char *sql,
                               sqlite3_stmt **statement_ret) MUST_CHECK;

/* For CLEANUP; NULL-safe. */
void sql_release(sqlite3_stmt **statement);

/* Goes to the next row; *has_row_ret is false after the last. */
struct error *sql_step(const struct sql_database *database, sqlite3_stmt *statement,
                       bool *has_row_ret) MUST_CHECK;

/* Runs a statement that changes something, once, and makes it ready for new values. */
struct error *sql_run(const struct sql_database *database, sqlite3_stmt *statement) MUST_CHECK;

/* Binding by position from 1. Texts must live until the statement has run; NULL is bound as NULL. A
 * failure to bind shows when the statement runs. */
void sql_bind_text(sqlite3_stmt *statement, int position, const char *text);
void sql_bind_number(sqlite3_stmt *statement, int position, uint64_t number);
void sql_bind_bytes(sqlite3_stmt *statement, int position, const void *bytes, size_t length);

/* A list of numbers as a text to bind, for json_each(): from an empty LIST, each number, then the
 * end: "[1,2,3]". */
void sql_list_append(struct buffer *list, uint64_t number);
void sql_list_end(struct buffer *list);

/* Columns by position from 0. A text is never NULL, and lives until the next step. */
const char *sql_column_text(sqlite3_stmt *statement, int position);
uint64_t sql_column_number(sqlite3_stmt *statement, int position);

/* A copy of that text in ARENA. */
struct error *sql_copy_text(sqlite3_stmt *statement, int position, struct arena *arena,
                            const char **text_ret) MUST_CHECK;

/* The single number that SQL asks for. */
struct error *sql_query_number(const struct sql_database *database, const char *sql,
                               uint64_t *number_ret) MUST_CHECK;

/* The same with a statement that is kept. */
struct error *sql_query_number_kept(const struct sql_database *database, const char *sql,
                                    uint64_t *number_ret) MUST_CHECK;

#endif
