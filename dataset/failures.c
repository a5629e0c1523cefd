/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"

struct error *dataset_note_failure(struct dataset *dataset, const char *kernel_name,
                                   const struct error *failure)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    CLEANUP(free_pointer) char *line = error_to_line(failure);

    if (!line)
        return error_out_of_memory();
    TRY(sql_prepare(&dataset->database,
                    "INSERT OR REPLACE INTO failure (name, failed_at, kind, reason) VALUES"
                    " (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?)",
                    &statement));
    sql_bind_text(statement, 1, kernel_name);
    sql_bind_text(statement, 2, error_code_text(failure->code));
    sql_bind_text(statement, 3, line);
    return sql_run(&dataset->database, statement);
}

struct error *dataset_forget_failure(struct dataset *dataset, const char *kernel_name)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    CLEANUP(free_pointer) char *failure = NULL;

    /* Even a deletion of nothing would touch the file. */
    TRY(dataset_last_failure(dataset, kernel_name, &failure));
    if (!failure)
        return NULL;
    TRY(sql_prepare(&dataset->database, "DELETE FROM failure WHERE name = ?", &statement));
    sql_bind_text(statement, 1, kernel_name);
    return sql_run(&dataset->database, statement);
}

struct error *dataset_last_failure(struct dataset *dataset, const char *kernel_name,
                                   char **failure_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    *failure_ret = NULL;
    TRY(sql_prepare(&dataset->database,
                    "SELECT failed_at, kind, reason FROM failure WHERE name = ?", &statement));
    sql_bind_text(statement, 1, kernel_name);
    TRY(sql_step(&dataset->database, statement, &has_row));
    if (has_row && asprintf(failure_ret, "%s: %s: %s", sql_column_text(statement, 0),
                            sql_column_text(statement, 1), sql_column_text(statement, 2)) < 0)
        return error_out_of_memory();
    return NULL;
}
