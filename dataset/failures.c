/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

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
    CLEANUP(dataset_failure_deinit) struct dataset_failure failure = {0};

    /* Even a deletion of nothing would touch the file. */
    TRY(dataset_last_failure(dataset, kernel_name, &failure));
    if (!failure.reason)
        return NULL;
    TRY(sql_prepare(&dataset->database, "DELETE FROM failure WHERE name = ?", &statement));
    sql_bind_text(statement, 1, kernel_name);
    return sql_run(&dataset->database, statement);
}

static struct error *read_failure(sqlite3_stmt *row, struct dataset_failure *failure)
{
    failure->failed_at = strdup(sql_column_text(row, 0));
    failure->kind = strdup(sql_column_text(row, 1));
    failure->reason = strdup(sql_column_text(row, 2));
    if (failure->failed_at && failure->kind && failure->reason)
        return NULL;
    dataset_failure_deinit(failure);
    return error_out_of_memory();
}

struct error *dataset_last_failure(struct dataset *dataset, const char *kernel_name,
                                   struct dataset_failure *failure_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    *failure_ret = (struct dataset_failure){0};
    TRY(sql_prepare(&dataset->database,
                    "SELECT failed_at, kind, reason FROM failure WHERE name = ?", &statement));
    sql_bind_text(statement, 1, kernel_name);
    TRY(sql_step(&dataset->database, statement, &has_row));
    return has_row ? read_failure(statement, failure_ret) : NULL;
}

void dataset_failure_deinit(struct dataset_failure *failure)
{
    free(failure->failed_at);
    free(failure->kind);
    free(failure->reason);
    *failure = (struct dataset_failure){0};
}
