/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"

static struct error *append_name(struct dataset_names *names, const char *name)
{
    char **grown = reallocarray(names->names, names->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    names->names = grown;
    grown[names->count] = strdup(name);
    return grown[names->count++] ? NULL : error_out_of_memory();
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
            TRY(append_name(names, sql_column_text(statement, 0)));
    }
}

/* The SQL function fits(PATTERN, TEXT). */
static void fits(sqlite3_context *context, int count UNUSED, sqlite3_value **values)
{
    const char *pattern = (const char *)sqlite3_value_text(values[0]);
    const char *text = (const char *)sqlite3_value_text(values[1]);

    sqlite3_result_int(context, pattern && text && fnmatch(pattern, text, 0) == 0);
}

/* As SQLite can have it. */
static uint64_t clamp(uint64_t number)
{
    return number < INT64_MAX ? number : INT64_MAX;
}

static struct error *prepare_traits(const struct sql_database *database,
                                    const struct definition_traits *traits,
                                    sqlite3_stmt **statement_ret)
{
    static const char sql[] =
        "SELECT DISTINCT name FROM layout WHERE (?4 IS NULL OR byte_size BETWEEN ?4 AND ?5)"
        " AND (?1 IS NULL AND ?2 IS NULL OR id IN (SELECT layout FROM member"
        "  WHERE (?1 IS NULL OR fits(?1, name))"
        "  AND (?2 IS NULL OR type IN (SELECT id FROM type WHERE fits(?2, text)))))"
        " AND (?3 IS NULL OR id IN (SELECT layout FROM layout_enumerator WHERE fits(?3, name)))"
        " ORDER BY 1";

    if (sqlite3_create_function(database->handle, "fits", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                NULL, fits, NULL, NULL) != SQLITE_OK)
        return sql_error(database, "cannot search");
    TRY(sql_prepare(database, sql, statement_ret));
    sql_bind_text(*statement_ret, 1, traits->member_name);
    sql_bind_text(*statement_ret, 2, traits->member_type);
    sql_bind_text(*statement_ret, 3, traits->enumerator);
    if (traits->has_size) {
        sql_bind_number(*statement_ret, 4, clamp(traits->byte_size_minimum));
        sql_bind_number(*statement_ret, 5, clamp(traits->byte_size_maximum));
    }
    return NULL;
}

struct error *dataset_list_names_with(struct dataset *dataset,
                                      const struct definition_traits *traits,
                                      struct dataset_names *names)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(prepare_traits(&dataset->database, traits, &statement));
    for (;;) {
        TRY(sql_step(&dataset->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(append_name(names, sql_column_text(statement, 0)));
    }
}

struct error *dataset_list_modules(struct dataset *dataset, const char *kernel_name,
                                   struct dataset_names *names)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(&dataset->database,
                    "SELECT image.name FROM kernel JOIN image ON image.kernel = kernel.id"
                    " WHERE kernel.name = ? AND image.name <> '" VMLINUX_IMAGE "' ORDER BY 1",
                    &statement));
    sql_bind_text(statement, 1, kernel_name);
    for (;;) {
        TRY(sql_step(&dataset->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(append_name(names, sql_column_text(statement, 0)));
    }
}

void dataset_names_deinit(struct dataset_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
    *names = (struct dataset_names){0};
}
