/* SPDX-License-Identifier: MIT */
#include "dataset/merge/merged_types.h"

#include "dataset/stored_types.h"
#include "model/type_translation.h"

struct merger {
    const struct sql_database *database;
    struct type_table types;  /* the main data set's, and what is added */
    struct type_table source; /* the other one's */
};

static struct error *translate_all(struct merger *merger, sqlite3_stmt *insert)
{
    struct type_translation translation;
    struct error *error = NULL;

    type_translation_init(&translation, &merger->types);
    for (uint32_t number = 0; number < merger->source.count && !error; number++) {
        const struct type *type = merger->source.types[number];
        const struct type *merged;
        error = type_translate(&translation, type, &merged);
        if (error)
            break;
        sql_bind_number(insert, 1, stored_type_id(type));
        sql_bind_number(insert, 2, stored_type_id(merged));
        error = sql_run(merger->database, insert);
    }
    type_translation_deinit(&translation);
    return error;
}

static struct error *merge(struct merger *merger, const struct sql_database *source)
{
    CLEANUP(sql_finalize) sqlite3_stmt *insert = NULL;

    TRY(stored_types_load(merger->database, &merger->types));
    TRY(stored_types_load(source, &merger->source));
    uint32_t first_new = merger->types.count;
    TRY(sql_prepare(merger->database, "INSERT INTO merged_type VALUES (?, ?)", &insert));
    TRY(translate_all(merger, insert));
    return stored_types_append(merger->database, &merger->types, first_new);
}

struct error *merged_types_add(const struct sql_database *database,
                               const struct sql_database *source)
{
    struct merger merger = {.database = database};

    type_table_init(&merger.types);
    type_table_init(&merger.source);
    struct error *error = merge(&merger, source);
    type_table_deinit(&merger.types);
    type_table_deinit(&merger.source);
    return error;
}
