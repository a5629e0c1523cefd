/* SPDX-License-Identifier: MIT */
/* Which definitions may have what is looked for. */
#include <fnmatch.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash/string_table.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/names.h"
#include "dataset/stored_types.h"

enum { IDS_MAXIMUM = 16 * 1024 * 1024 };

struct search {
    const struct sql_database *database;
    const struct definition_traits *traits;
    struct type_table types;
    struct string_table ends; /* the names that stand for what members are to lead to */
    struct buffer type_ids;   /* of the types that have one of them at their end: "[1,2]" */
};

static void search_deinit(struct search *search)
{
    type_table_deinit(&search->types);
    string_table_deinit(&search->ends);
    buffer_deinit(&search->type_ids);
}

static bool leads_to_end(const struct search *search, const struct type *type)
{
    const char *name = type_leaf(type)->name;

    return name && string_table_find(&search->ends, name, strlen(name)) != STRING_NOT_FOUND;
}

/* Adds the typedefs that stand for what is among the ends already. */
static struct error *add_typedefs(struct search *search)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;
    uint32_t number;

    TRY(sql_prepare(search->database, "SELECT name, type FROM layout WHERE type NOT NULL",
                    &statement));
    for (;;) {
        TRY(sql_step(search->database, statement, &has_row));
        if (!has_row)
            return NULL;
        const char *name = sql_column_text(statement, 0);
        uint64_t type_id = sql_column_number(statement, 1);
        if (type_id > 0 && type_id <= search->types.count &&
            leads_to_end(search, search->types.types[type_id - 1]))
            TRY(string_table_intern(&search->ends, name, strlen(name), &number));
    }
}

static struct error *list_type_ids(struct search *search)
{
    for (uint32_t i = 0; i < search->types.count; i++) {
        if (leads_to_end(search, search->types.types[i]))
            sql_list_append(&search->type_ids, stored_type_id(search->types.types[i]));
    }
    sql_list_end(&search->type_ids);
    return buffer_check(&search->type_ids, "a query");
}

static struct error *find_ends(struct search *search)
{
    const char *target = search->traits->leads_to;
    uint32_t known;

    TRY(stored_types_load(search->database, &search->types));
    TRY(string_table_intern(&search->ends, target, strlen(target), &known));
    do {
        known = search->ends.count;
        TRY(add_typedefs(search));
    } while (search->ends.count > known);
    return list_type_ids(search);
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

/* Parameters: a member's name, its type, an enumerator, the least and the greatest size, the ids of
 * a member's types. */
static const char query[] =
    "SELECT DISTINCT name FROM layout WHERE (?4 IS NULL OR byte_size BETWEEN ?4 AND ?5)"
    " AND (coalesce(?1, ?2) IS NULL OR id IN (SELECT layout FROM member"
    "  WHERE (?1 IS NULL OR fits(?1, name))"
    "  AND (?2 IS NULL OR type IN (SELECT id FROM type WHERE fits(?2, text)))))"
    " AND (?6 IS NULL OR id IN (SELECT layout FROM member"
    "  WHERE type IN (SELECT value FROM json_each(?6))))"
    " AND (?3 IS NULL OR id IN (SELECT layout FROM layout_enumerator WHERE fits(?3, name)))";

static struct error *prepare(const struct search *search, sqlite3_stmt **statement_ret)
{
    const struct definition_traits *traits = search->traits;

    if (sqlite3_create_function(search->database->handle, "fits", 2,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fits, NULL,
                                NULL) != SQLITE_OK)
        return sql_error(search->database, "cannot search");
    TRY(sql_prepare(search->database, query, statement_ret));
    sql_bind_text(*statement_ret, 1, traits->member_name);
    sql_bind_text(*statement_ret, 2, traits->member_type);
    sql_bind_text(*statement_ret, 3, traits->enumerator);
    if (traits->has_size) {
        sql_bind_number(*statement_ret, 4, clamp(traits->byte_size_minimum));
        sql_bind_number(*statement_ret, 5, clamp(traits->byte_size_maximum));
    }
    if (traits->leads_to)
        sql_bind_text(*statement_ret, 6, buffer_text(&search->type_ids));
    return NULL;
}

struct error *dataset_list_names_with(struct dataset *dataset,
                                      const struct definition_traits *traits,
                                      struct dataset_names *names)
{
    CLEANUP(search_deinit)
    struct search search = {.database = &dataset->database, .traits = traits};
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;

    type_table_init(&search.types);
    string_table_init(&search.ends);
    buffer_init(&search.type_ids, IDS_MAXIMUM);
    if (traits->leads_to)
        TRY(find_ends(&search));
    for (uint32_t i = 0; i < search.ends.count; i++)
        TRY(dataset_names_append(names, search.ends.texts[i]));
    TRY(prepare(&search, &statement));
    return dataset_names_append_rows(names, &dataset->database, statement);
}
