/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"

/* One more of the same, or the first of another kind. */
#define IS_SAME_AGAIN                                                                              \
    "kind = excluded.kind AND wanted = excluded.wanted AND reader = excluded.reader"

struct error *dataset_note_failure(struct dataset *dataset, const struct dataset_try *attempt,
                                   const struct error *failure)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    CLEANUP(free_pointer) char *line = error_to_line(failure);

    if (!line)
        return error_out_of_memory();
    TRY(sql_prepare(&dataset->database,
                    "INSERT INTO failure (name, kind, reason, first_failed_at, failed_at, tries,"
                    " wanted, reader) SELECT ?1, ?2, ?3, now, now, 1, ?4, ?5 FROM"
                    " (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now') AS now) WHERE true"
                    " ON CONFLICT (name) DO UPDATE SET"
                    " first_failed_at = CASE WHEN " IS_SAME_AGAIN
                    " THEN first_failed_at ELSE excluded.first_failed_at END,"
                    " tries = CASE WHEN " IS_SAME_AGAIN " THEN tries + 1 ELSE 1 END,"
                    " kind = excluded.kind, reason = excluded.reason,"
                    " failed_at = excluded.failed_at, wanted = excluded.wanted,"
                    " reader = excluded.reader",
                    &statement));
    sql_bind_text(statement, 1, attempt->kernel_name);
    sql_bind_text(statement, 2, error_code_text(failure->code));
    sql_bind_text(statement, 3, line);
    sql_bind_text(statement, 4, attempt->wanted);
    sql_bind_text(statement, 5, attempt->reader);
    return sql_run(&dataset->database, statement);
}

struct error *dataset_forget_failure(struct dataset *dataset, const char *kernel_name)
{
    CLEANUP(sql_finalize) sqlite3_stmt *find = NULL;
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool is_there;

    /* Even a deletion of nothing would touch the file. */
    TRY(sql_prepare(&dataset->database, "SELECT 1 FROM failure WHERE name = ?", &find));
    sql_bind_text(find, 1, kernel_name);
    TRY(sql_step(&dataset->database, find, &is_there));
    if (!is_there)
        return NULL;
    TRY(sql_prepare(&dataset->database, "DELETE FROM failure WHERE name = ?", &statement));
    sql_bind_text(statement, 1, kernel_name);
    return sql_run(&dataset->database, statement);
}

static struct error *read_failure(sqlite3_stmt *row, struct dataset_failure *failure)
{
    char **const texts[] = {
        &failure->kernel_name, &failure->kind,   &failure->reason, &failure->first_failed_at,
        &failure->failed_at,   &failure->wanted, &failure->reader,
    };

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        *texts[i] = strdup(sql_column_text(row, (int)i));
        if (!*texts[i])
            return error_out_of_memory();
    }
    failure->tries = sql_column_number(row, (int)ARRAY_LENGTH(texts));
    return NULL;
}

static struct error *read_all(struct dataset *dataset, struct dataset_failures *list)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(&dataset->database,
                    "SELECT name, kind, reason, first_failed_at, failed_at, wanted, reader, tries"
                    " FROM failure ORDER BY name",
                    &statement));
    for (;;) {
        TRY(sql_step(&dataset->database, statement, &has_row));
        if (!has_row)
            return NULL;
        struct dataset_failure *failures =
            reallocarray(list->failures, list->count + 1, sizeof(*failures));
        if (!failures)
            return error_out_of_memory();
        list->failures = failures;
        failures[list->count] = (struct dataset_failure){0};
        TRY(read_failure(statement, &failures[list->count++]));
    }
}

struct error *dataset_list_failures(struct dataset *dataset, struct dataset_failures *failures_ret)
{
    struct dataset_failures list = {0};
    struct error *error = read_all(dataset, &list);

    if (error) {
        dataset_failures_deinit(&list);
        return error;
    }
    *failures_ret = list;
    return NULL;
}

void dataset_failures_deinit(struct dataset_failures *failures)
{
    for (size_t i = 0; i < failures->count; i++) {
        struct dataset_failure *failure = &failures->failures[i];
        free(failure->kernel_name);
        free(failure->kind);
        free(failure->reason);
        free(failure->first_failed_at);
        free(failure->failed_at);
        free(failure->wanted);
        free(failure->reader);
    }
    free(failures->failures);
    *failures = (struct dataset_failures){0};
}

const struct dataset_failure *dataset_failures_find(const struct dataset_failures *failures,
                                                    const char *kernel_name)
{
    for (size_t i = 0; i < failures->count; i++) {
        if (strcmp(failures->failures[i].kernel_name, kernel_name) == 0)
            return &failures->failures[i];
    }
    return NULL;
}
