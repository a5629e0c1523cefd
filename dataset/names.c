/* SPDX-License-Identifier: MIT */
#include "dataset/names.h"

#include <stdlib.h>
#include <string.h>

#include "dataset/handle.h"

struct error *dataset_names_append(struct dataset_names *names, const char *name)
{
    char **grown = reallocarray(names->names, names->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    names->names = grown;
    grown[names->count] = strdup(name);
    return grown[names->count++] ? NULL : error_out_of_memory();
}

bool dataset_names_have(const struct dataset_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->names[i], name) == 0)
            return true;
    }
    return false;
}

struct error *dataset_names_append_rows(struct dataset_names *names,
                                        const struct sql_database *database,
                                        sqlite3_stmt *statement)
{
    bool has_row;

    for (;;) {
        TRY(sql_step(database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(dataset_names_append(names, sql_column_text(statement, 0)));
    }
}

struct error *dataset_list_names(struct dataset *dataset, const char *kernel_name, unsigned kinds,
                                 struct dataset_names *names)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    enum definition_kind kind;
    bool has_row;

    TRY(sql_prepare(&dataset->database,
                    kernel_name ? "SELECT DISTINCT layout.name, layout.kind FROM kernel"
                                  " JOIN image ON image.kernel = kernel.id"
                                  " JOIN definition ON definition.image = image.id"
                                  " JOIN layout ON layout.id = definition.layout"
                                  " WHERE kernel.name = ?1 ORDER BY 1"
                                : "SELECT DISTINCT name, kind FROM layout ORDER BY 1",
                    &statement));
    if (kernel_name)
        sql_bind_text(statement, 1, kernel_name);
    for (;;) {
        TRY(sql_step(&dataset->database, statement, &has_row));
        if (!has_row)
            return NULL;
        if (definition_kind_from_word(sql_column_text(statement, 1), false, &kind) &&
            (kinds & DEFINITION_KIND_BIT(kind)))
            TRY(dataset_names_append(names, sql_column_text(statement, 0)));
    }
}

struct error *dataset_list_modules(struct dataset *dataset, const char *kernel_name,
                                   struct dataset_names *names)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;

    TRY(sql_prepare(&dataset->database,
                    "SELECT image.name FROM kernel JOIN image ON image.kernel = kernel.id"
                    " WHERE kernel.name = ? AND image.name <> '" VMLINUX_IMAGE "' ORDER BY 1",
                    &statement));
    sql_bind_text(statement, 1, kernel_name);
    return dataset_names_append_rows(names, &dataset->database, statement);
}

void dataset_names_deinit(struct dataset_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
    *names = (struct dataset_names){0};
}
