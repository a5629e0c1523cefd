/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"

/* The texts of a row, in the order of the query's columns. */
static struct error *read_texts(sqlite3_stmt *statement, char **const *texts, int count)
{
    for (int i = 0; i < count; i++) {
        *texts[i] = strdup(sql_column_text(statement, i));
        if (!*texts[i])
            return error_out_of_memory();
    }
    return NULL;
}

static struct error *read_row(const struct dataset *dataset, sqlite3_stmt *statement,
                              struct dataset_kernel *kernel)
{
    char **const texts[] = {
        &kernel->name,        &kernel->package,        &kernel->package_version, &kernel->url,
        &kernel->sha256,      &kernel->source,         &kernel->release,         &kernel->build_id,
        &kernel->compiler,    &kernel->dwarf_versions, &kernel->read_at,         &kernel->reader,
        &kernel->passed_over,
    };
    int count = (int)ARRAY_LENGTH(texts);

    TRY(read_texts(statement, texts, count));
    kernel->reader_revision = sql_column_number(statement, count);
    kernel->struct_count = sql_column_number(statement, count + 1);
    if (sqlite3_column_bytes(statement, count + 2) != LAYOUT_DIGEST_BYTES)
        return error_create(ERROR_DATASET, dataset->database.path,
                            "kernel %s has a digest of the wrong length" SQL_DAMAGED, kernel->name);
    memcpy(kernel->digest, sqlite3_column_blob(statement, count + 2), LAYOUT_DIGEST_BYTES);
    return NULL;
}

static struct error *append_row(const struct dataset *dataset, sqlite3_stmt *statement,
                                struct dataset_kernels *list)
{
    struct dataset_kernel *kernels = reallocarray(list->kernels, list->count + 1, sizeof(*kernels));

    if (!kernels)
        return error_out_of_memory();
    list->kernels = kernels;
    kernels[list->count] = (struct dataset_kernel){0};
    return read_row(dataset, statement, &kernels[list->count++]);
}

static struct error *read_all(const struct dataset *dataset, struct dataset_kernels *list)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(&dataset->database,
                    "SELECT name, package, package_version, url, sha256, source, release,"
                    " build_id, compiler, dwarf_versions, read_at, reader, passed_over,"
                    " reader_revision, struct_count, digest"
                    " FROM kernel ORDER BY name",
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
    for (size_t i = 0; i < kernels->count; i++) {
        struct dataset_kernel *kernel = &kernels->kernels[i];
        free(kernel->name);
        free(kernel->package);
        free(kernel->package_version);
        free(kernel->url);
        free(kernel->sha256);
        free(kernel->source);
        free(kernel->reader);
        free(kernel->release);
        free(kernel->build_id);
        free(kernel->compiler);
        free(kernel->dwarf_versions);
        free(kernel->read_at);
        free(kernel->passed_over);
    }
    free(kernels->kernels);
    *kernels = (struct dataset_kernels){0};
}

const struct dataset_kernel *dataset_kernels_find(const struct dataset_kernels *kernels,
                                                  const char *name)
{
    for (size_t i = 0; i < kernels->count; i++) {
        if (strcmp(kernels->kernels[i].name, name) == 0)
            return &kernels->kernels[i];
    }
    return NULL;
}
