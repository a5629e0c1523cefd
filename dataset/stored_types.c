/* SPDX-License-Identifier: MIT */
#include "dataset/stored_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* More numbers than any list in a row of the type table has. */
enum { LIST_MAXIMUM = 4096, LIST_TEXT_MAXIMUM = 1024 * 1024 };

/* A row of the table. The texts are the row's. */
struct type_row {
    uint64_t id;
    struct type type; /* without its target, parameters and dimensions */
    uint64_t target;  /* 0: none */
    uint64_t *list;   /* TYPE.count dimensions, or ids of parameters */
};

static struct error *damaged(const struct sql_database *database, uint64_t id)
{
    return error_create(ERROR_DATASET, database->path,
                        "type %" PRIu64 " cannot be read" SQL_DAMAGED, id);
}

/* "5,17,3"; LIST has LIST_MAXIMUM places. */
static bool parse_list(const char *text, uint64_t *list, uint32_t *count_ret)
{
    uint32_t count = 0;

    while (*text) {
        char *end;
        errno = 0;
        unsigned long long number = strtoull(text, &end, 10);
        if (end == text || errno != 0 || count == LIST_MAXIMUM || (*end != ',' && *end != '\0'))
            return false;
        list[count++] = number;
        text = *end == ',' ? end + 1 : end;
    }
    *count_ret = count;
    return true;
}

#define TYPE_COLUMNS "id, kind, name, is_union, target, dimensions, parameters"

/* Columns: TYPE_COLUMNS. ROW's list has room for LIST_MAXIMUM. */
static struct error *read_row(const struct sql_database *database, sqlite3_stmt *statement,
                              struct type_row *row)
{
    row->id = sql_column_number(statement, 0);
    row->target = sql_column_number(statement, 4);
    row->type = (struct type){.is_union = sql_column_number(statement, 3) != 0};
    if (!type_kind_from_word(sql_column_text(statement, 1), &row->type.kind))
        return damaged(database, row->id);
    if (sqlite3_column_type(statement, 2) != SQLITE_NULL)
        row->type.name = sql_column_text(statement, 2);
    int list_column = row->type.kind == TYPE_ARRAY ? 5 : 6;
    if (!parse_list(sql_column_text(statement, list_column), row->list, &row->type.count))
        return damaged(database, row->id);
    return NULL;
}

/* What a type refers to has a lower id. */
static struct error *find_below(struct stored_types *types, uint64_t id, uint64_t user,
                                const struct type **type_ret)
{
    return id < user ? stored_type_find(types, id, type_ret) : damaged(types->database, user);
}

/* PARAMETERS has room for as many as the row's list. */
static struct error *intern_row(struct stored_types *types, const struct type_row *row,
                                const struct type **parameters, const struct type **type_ret)
{
    struct type type = row->type;

    if (row->target > 0)
        TRY(find_below(types, row->target, row->id, &type.target));
    if (type.kind == TYPE_ARRAY) {
        type.dimensions = row->list;
    } else {
        for (uint32_t i = 0; i < type.count; i++)
            TRY(find_below(types, row->list[i], row->id, &parameters[i]));
        type.parameters = parameters;
    }
    if (!type_is_complete(&type))
        return damaged(types->database, row->id);
    return type_intern(types->table, &type, type_ret);
}

/* Reads the next row of all. */
static struct error *load_row(struct stored_types *types, sqlite3_stmt *statement,
                              struct type_row *row, const struct type **parameters)
{
    const struct type *interned;

    TRY(read_row(types->database, statement, row));
    TRY(intern_row(types, row, parameters, &interned));
    return stored_type_id(interned) == row->id ? NULL : damaged(types->database, row->id);
}

struct error *stored_types_load(const struct sql_database *database, struct type_table *table)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct stored_types types = stored_types_in(database, table);
    struct type_row row = {.list = calloc(LIST_MAXIMUM, sizeof(*row.list))};
    const struct type **parameters = calloc(LIST_MAXIMUM, sizeof(*parameters));
    struct error *error = row.list && parameters ? NULL : error_out_of_memory();
    bool has_row = true;

    if (!error)
        error = sql_prepare(database, "SELECT " TYPE_COLUMNS " FROM type ORDER BY id", &statement);
    while (!error && has_row) {
        error = sql_step(database, statement, &has_row);
        if (!error && has_row)
            error = load_row(&types, statement, &row, parameters);
    }
    free(row.list);
    free(parameters);
    return error;
}

struct error *stored_types_open(const struct sql_database *database, struct type_table *table,
                                struct stored_types *types_ret)
{
    *types_ret = stored_types_in(database, table);
    arena_init(&types_ret->scratch);
    TRY(sql_query_number_kept(database, "SELECT coalesce(max(id), 0) FROM type",
                              &types_ret->last_id));
    if (types_ret->last_id > UINT32_MAX)
        return error_create(ERROR_DATASET, database->path,
                            "a type has an impossible number" SQL_DAMAGED);
    /* Of many types mostly few are asked for: untouched memory costs nothing. */
    types_ret->found = calloc(types_ret->last_id + 1, sizeof(*types_ret->found));
    if (!types_ret->found)
        return error_out_of_memory();
    return sql_prepare_kept(database, "SELECT " TYPE_COLUMNS " FROM type WHERE id = ?",
                            &types_ret->one);
}

void stored_types_close(struct stored_types *types)
{
    sql_release(&types->one);
    free(types->found);
    types->found = NULL;
    arena_deinit(&types->scratch);
}

/* Reads the row of one type. Its texts are copied, as the statement is used for others then. */
static struct error *fetch_row(struct stored_types *types, uint64_t id, struct type_row *row)
{
    bool has_row;

    sqlite3_reset(types->one);
    sql_bind_number(types->one, 1, id);
    TRY(sql_step(types->database, types->one, &has_row));
    if (!has_row)
        return damaged(types->database, id);
    int dimension_bytes = sqlite3_column_bytes(types->one, 5);
    int parameter_bytes = sqlite3_column_bytes(types->one, 6);
    /* No number of a list is shorter than a byte. */
    row->list = arena_allocate(&types->scratch, (size_t)dimension_bytes + (size_t)parameter_bytes,
                               sizeof(*row->list));
    if (!row->list)
        return error_out_of_memory();
    TRY(read_row(types->database, types->one, row));
    return row->type.name ? sql_copy_text(types->one, 2, &types->scratch, &row->type.name) : NULL;
}

static struct error *read_one(struct stored_types *types, uint64_t id, const struct type **type_ret)
{
    struct type_row row;

    TRY(fetch_row(types, id, &row));
    const struct type **parameters =
        arena_allocate(&types->scratch, row.type.count, sizeof(*parameters));
    if (!parameters)
        return error_out_of_memory();
    TRY(intern_row(types, &row, parameters, type_ret));
    types->found[id] = *type_ret;
    return NULL;
}

struct error *stored_type_find(struct stored_types *types, uint64_t id,
                               const struct type **type_ret)
{
    if (!types->one) {
        if (id == 0 || id > types->table->count)
            return damaged(types->database, id);
        *type_ret = types->table->types[id - 1];
        return NULL;
    }
    if (id == 0 || id > types->last_id || types->depth > TYPE_DEPTH_MAXIMUM)
        return damaged(types->database, id);
    *type_ret = types->found[id];
    if (*type_ret)
        return NULL;
    types->depth++;
    struct error *error = read_one(types, id, type_ret);
    types->depth--;
    if (types->depth == 0)
        arena_clear(&types->scratch);
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
