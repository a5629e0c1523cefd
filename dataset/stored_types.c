/* SPDX-License-Identifier: MIT */
#include "dataset/stored_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* More numbers than any list in a row of the type table has. */
enum { LIST_MAXIMUM = 4096, LIST_TEXT_MAXIMUM = 1024 * 1024 };

struct number_list {
    uint32_t count;
    uint64_t numbers[LIST_MAXIMUM];
};

static struct error *damaged(const struct sql_database *database, uint64_t id)
{
    return error_create(ERROR_DATASET, database->path,
                        "type %" PRIu64 " cannot be read" SQL_DAMAGED, id);
}

/* "5,17,3" */
static bool parse_list(const char *text, struct number_list *list)
{
    list->count = 0;
    while (*text) {
        char *end;
        errno = 0;
        unsigned long long number = strtoull(text, &end, 10);
        if (end == text || errno != 0 || list->count == LIST_MAXIMUM ||
            (*end != ',' && *end != '\0'))
            return false;
        list->numbers[list->count++] = number;
        text = *end == ',' ? end + 1 : end;
    }
    return true;
}

struct error *stored_type_find(const struct sql_database *database, const struct type_table *types,
                               uint64_t id, const struct type **type_ret)
{
    if (id == 0 || id > types->count)
        return damaged(database, id);
    *type_ret = types->types[id - 1];
    return NULL;
}

static struct error *read_parameters(const struct sql_database *database,
                                     const struct type_table *types, const struct number_list *list,
                                     uint64_t id, const struct type **parameters)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->numbers[i] >= id)
            return damaged(database, id);
        TRY(stored_type_find(database, types, list->numbers[i], &parameters[i]));
    }
    return NULL;
}

/* Columns: id, kind, name, is_union, target, dimensions, parameters. */
static struct error *read_type(const struct sql_database *database, sqlite3_stmt *row,
                               struct type_table *types, struct number_list *list,
                               const struct type **parameters)
{
    uint64_t id = sql_column_number(row, 0);
    uint64_t target = sql_column_number(row, 4);
    struct type type = {.is_union = sql_column_number(row, 3) != 0};
    const struct type *interned;

    if (!type_kind_from_word(sql_column_text(row, 1), &type.kind))
        return damaged(database, id);
    if (sqlite3_column_type(row, 2) != SQLITE_NULL)
        type.name = sql_column_text(row, 2);
    if (target >= id)
        return damaged(database, id);
    if (target > 0)
        TRY(stored_type_find(database, types, target, &type.target));
    int list_column = type.kind == TYPE_ARRAY ? 5 : 6;
    if (!parse_list(sql_column_text(row, list_column), list))
        return damaged(database, id);
    type.count = list->count;
    if (type.kind == TYPE_ARRAY) {
        type.dimensions = list->numbers;
    } else {
        TRY(read_parameters(database, types, list, id, parameters));
        type.parameters = parameters;
    }
    if (!type_is_complete(&type))
        return damaged(database, id);
    TRY(type_intern(types, &type, &interned));
    return stored_type_id(interned) == id ? NULL : damaged(database, id);
}

struct error *stored_types_load(const struct sql_database *database, struct type_table *types)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct number_list *list = malloc(sizeof(*list));
    const struct type **parameters = calloc(LIST_MAXIMUM, sizeof(*parameters));
    struct error *error = list && parameters ? NULL : error_out_of_memory();
    bool has_row = true;

    if (!error)
        error = sql_prepare(database,
                            "SELECT id, kind, name, is_union, target, dimensions, parameters"
                            " FROM type ORDER BY id",
                            &statement);
    while (!error && has_row) {
        error = sql_step(database, statement, &has_row);
        if (!error && has_row)
            error = read_type(database, statement, types, list, parameters);
    }
    free(list);
    free(parameters);
    return error;
}

static void append_list(struct buffer *text, const struct type *type)
{
    for (uint32_t i = 0; i < type->count; i++) {
        uint64_t number =
            type->kind == TYPE_ARRAY ? type->dimensions[i] : stored_type_id(type->parameters[i]);
        buffer_append_format(text, "%s%" PRIu64, i > 0 ? "," : "", number);
    }
}

static struct error *append_type(const struct sql_database *database, sqlite3_stmt *insert,
                                 const struct type *type, struct buffer *list)
{
    bool is_array = type->kind == TYPE_ARRAY;

    buffer_clear(list);
    append_list(list, type);
    TRY(buffer_check(list, "a type's list"));
    sqlite3_clear_bindings(insert);
    sql_bind_number(insert, 1, stored_type_id(type));
    sql_bind_text(insert, 2, type_kind_word(type->kind));
    sql_bind_text(insert, 3, type->name);
    sql_bind_number(insert, 4, type->is_union);
    if (type->target)
        sql_bind_number(insert, 5, stored_type_id(type->target));
    if (is_array || type->kind == TYPE_FUNC_PROTO)
        sql_bind_text(insert, is_array ? 6 : 7, buffer_text(list));
    sql_bind_text(insert, 8, type_text(type));
    return sql_run(database, insert);
}

struct error *stored_types_append(const struct sql_database *database,
                                  const struct type_table *types, uint32_t first_new)
{
    CLEANUP(sql_finalize) sqlite3_stmt *insert = NULL;
    struct buffer list;
    struct error *error = NULL;

    TRY(sql_prepare(database,
                    "INSERT INTO type (id, kind, name, is_union, target, dimensions, parameters,"
                    " text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    &insert));
    buffer_init(&list, LIST_TEXT_MAXIMUM);
    for (uint32_t i = first_new; i < types->count && !error; i++)
        error = append_type(database, insert, types->types[i], &list);
    buffer_deinit(&list);
    return error;
}
