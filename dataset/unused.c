/* SPDX-License-Identifier: MIT */
/* Takes out of the data set what only kernels had that are gone. */
#include <stdlib.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/stored_types.h"
#include "model/type_translation.h"

/* Free pages are used again; it is worth writing all the others anew when so many of so many are.
 */
enum { FREE_PAGES = 1, OF_PAGES = 4 };

/* The types that are there, and those of them that stay. */
struct dropping {
    const struct sql_database *database;
    struct type_table types;
    bool *are_used; /* by number */
    struct type_table kept;
};

static struct error *mark_named_types(struct dropping *dropping)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct stored_types types = stored_types_in(dropping->database, &dropping->types);
    const struct type *type;
    bool has_row;

    TRY(sql_prepare(dropping->database,
                    "SELECT type FROM member UNION SELECT type FROM layout WHERE type NOT NULL",
                    &statement));
    for (;;) {
        TRY(sql_step(dropping->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(stored_type_find(&types, sql_column_number(statement, 0), &type));
        dropping->are_used[type->number] = true;
    }
}

/* What a type refers to has a lower number. Returns how many are used. */
static uint32_t mark_targets(struct dropping *dropping)
{
    uint32_t used = 0;

    for (uint32_t number = dropping->types.count; number-- > 0;) {
        const struct type *type = dropping->types.types[number];
        if (!dropping->are_used[number])
            continue;
        used++;
        if (type->target)
            dropping->are_used[type->target->number] = true;
        for (uint32_t i = 0; type->kind == TYPE_FUNC_PROTO && i < type->count; i++)
            dropping->are_used[type->parameters[i]->number] = true;
    }
    return used;
}

/* In their order, so that each comes after those it refers to, and notes which became which. */
static struct error *keep_used(struct dropping *dropping, struct type_translation *translation)
{
    CLEANUP(sql_finalize) sqlite3_stmt *insert = NULL;
    const struct type *kept;

    TRY(sql_execute(dropping->database,
                    "CREATE TEMP TABLE kept_type (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)"));
    TRY(sql_prepare(dropping->database, "INSERT INTO kept_type VALUES (?, ?)", &insert));
    for (uint32_t number = 0; number < dropping->types.count; number++) {
        const struct type *type = dropping->types.types[number];
        if (!dropping->are_used[number])
            continue;
        TRY(type_translate(translation, type, &kept));
        sql_bind_number(insert, 1, stored_type_id(type));
        sql_bind_number(insert, 2, stored_type_id(kept));
        TRY(sql_run(dropping->database, insert));
    }
    return NULL;
}

static struct error *renumber(struct dropping *dropping)
{
    struct type_translation translation;

    type_translation_init(&translation, &dropping->kept);
    struct error *error = keep_used(dropping, &translation);
    type_translation_deinit(&translation);
    TRY(error);
    TRY(sql_execute(dropping->database,
                    "UPDATE member SET type = (SELECT new FROM kept_type WHERE old = type);"
                    "UPDATE layout SET type = (SELECT new FROM kept_type WHERE old = type)"
                    " WHERE type NOT NULL;"
                    "DROP TABLE kept_type;"
                    "DELETE FROM type"));
    return stored_types_append(dropping->database, &dropping->kept, 0);
}

static struct error *drop_types(struct dropping *dropping)
{
    TRY(stored_types_load(dropping->database, &dropping->types));
    dropping->are_used = calloc((size_t)dropping->types.count + 1, sizeof(*dropping->are_used));
    if (!dropping->are_used)
        return error_out_of_memory();
    TRY(mark_named_types(dropping));
    return mark_targets(dropping) == dropping->types.count ? NULL : renumber(dropping);
}

static struct error *drop(const struct sql_database *database)
{
    struct dropping dropping = {.database = database};

    type_table_init(&dropping.types);
    type_table_init(&dropping.kept);
    struct error *error = drop_types(&dropping);
    type_table_deinit(&dropping.types);
    type_table_deinit(&dropping.kept);
    free(dropping.are_used);
    TRY(error);
    return sql_execute(database, "DELETE FROM source_file WHERE id NOT IN"
                                 " (SELECT source_file FROM definition WHERE source_file NOT NULL"
                                 " UNION SELECT source_file FROM further_user)");
}

static struct error *give_back_space(const struct sql_database *database)
{
    uint64_t free_pages;
    uint64_t pages;

    TRY(sql_query_number(database, "PRAGMA freelist_count", &free_pages));
    TRY(sql_query_number(database, "PRAGMA page_count", &pages));
    return free_pages * OF_PAGES < pages * FREE_PAGES ? NULL : sql_execute(database, "VACUUM");
}

struct error *dataset_drop_unused(struct dataset *dataset)
{
    const struct sql_database *database = &dataset->database;

    TRY(sql_begin(database));
    struct error *error = drop(database);
    if (!error)
        error = dataset_check_layouts_above(database, 0);
    TRY(sql_end(database, error));
    return give_back_space(database);
}
