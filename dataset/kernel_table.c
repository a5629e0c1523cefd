/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/kernel_table.h"

struct error *kernel_table_read(const struct sql_database *database, sqlite3_stmt *row,
                                struct arena *arena, struct kernel_record *record_ret)
{
    int position = 0;

#define X(column, note) TRY(sql_copy_text(row, position++, arena, &record_ret->column));
    KERNEL_TEXTS(X)
#undef X
#define X(column, note) record_ret->column = sql_column_number(row, position++);
    KERNEL_NUMBERS(X)
#undef X
    for (size_t i = 0; i < DEFINITION_KIND_COUNT; i++)
        record_ret->counts[i] = sql_column_number(row, position++);
    if (sqlite3_column_bytes(row, position) != LAYOUT_DIGEST_BYTES)
        return error_create(ERROR_DATASET, database->path,
                            "kernel %s has a digest of the wrong length" SQL_DAMAGED,
                            record_ret->name);
    memcpy(record_ret->digest, sqlite3_column_blob(row, position), LAYOUT_DIGEST_BYTES);
    return NULL;
}

struct error *kernel_table_insert(const struct sql_database *database,
                                  const struct kernel_record *record, uint64_t *id_ret)
{
#define MARK(...) "?, "
    CLEANUP(sql_finalize) sqlite3_stmt *insert = NULL;
    int position = 1;

    TRY(sql_prepare(database,
                    "INSERT INTO kernel (" KERNEL_TABLE_COLUMNS ") VALUES (" KERNEL_TEXTS(MARK)
                        KERNEL_NUMBERS(MARK) DEFINITION_KINDS(MARK) "?)",
                    &insert));
#undef MARK
#define X(column, note) sql_bind_text(insert, position++, record->column);
    KERNEL_TEXTS(X)
#undef X
#define X(column, note) sql_bind_number(insert, position++, record->column);
    KERNEL_NUMBERS(X)
#undef X
    for (size_t i = 0; i < DEFINITION_KIND_COUNT; i++)
        sql_bind_number(insert, position++, record->counts[i]);
    sql_bind_bytes(insert, position, record->digest, sizeof(record->digest));
    TRY(sql_run(database, insert));
    *id_ret = (uint64_t)sqlite3_last_insert_rowid(database->handle);
    return NULL;
}

static struct error *append_row(const struct dataset *dataset, sqlite3_stmt *statement,
                                struct dataset_kernels *list)
{
    struct kernel_record *kernels = reallocarray(list->kernels, list->count + 1, sizeof(*kernels));

    if (!kernels)
        return error_out_of_memory();
    list->kernels = kernels;
    return kernel_table_read(&dataset->database, statement, &list->arena, &kernels[list->count++]);
}

static struct error *read_all(const struct dataset *dataset, struct dataset_kernels *list)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(&dataset->database, "SELECT " KERNEL_TABLE_COLUMNS " FROM kernel ORDER BY name",
                    &statement));
    for (;;) {
        TRY(sql_step(&dataset->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(append_row(dataset, statement, list));
    }
}

struct error *dataset_list(struct dataset *dataset, struct dataset_kernels *kernels_ret)
{
    struct dataset_kernels list = {0};
    struct error *error = read_all(dataset, &list);

    if (error) {
        dataset_kernels_deinit(&list);
        return error;
    }
    *kernels_ret = list;
    return NULL;
}

void dataset_kernels_deinit(struct dataset_kernels *kernels)
{
    free(kernels->kernels);
    arena_deinit(&kernels->arena);
    *kernels = (struct dataset_kernels){0};
}

const struct kernel_record *dataset_kernels_find(const struct dataset_kernels *kernels,
                                                 const char *name)
{
    for (size_t i = 0; i < kernels->count; i++) {
        if (strcmp(kernels->kernels[i].name, name) == 0)
            return &kernels->kernels[i];
    }
    return NULL;
}
