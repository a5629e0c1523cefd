/* SPDX-License-Identifier: MIT */
#include "dataset/layout_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/stored_types.h"

enum { SQL_MAXIMUM = 1024 };

static struct error *damaged(const struct sql_database *database, const char *name)
{
    return error_create(ERROR_DATASET, database->path,
                        "the layout of struct %s cannot be read; the file is damaged: move it away "
                        "and run `kstruct run` again",
                        name);
}

static struct error *prepare(const struct sql_database *database, const char *selection,
                             const char *id_query, uint64_t first_number, const char *second_text,
                             sqlite3_stmt **statement_ret)
{
    char sql[SQL_MAXIMUM];

    int length = snprintf(sql, sizeof(sql), "%s (%s) ORDER BY 1, 2", selection, id_query);
    if (length < 0 || (size_t)length >= sizeof(sql))
        return error_create(ERROR_INTERNAL, database->path, "a query is too long");
    TRY(sql_prepare(database, sql, statement_ret));
    sql_bind_number(*statement_ret, 1, first_number);
    if (second_text)
        sql_bind_text(*statement_ret, 2, second_text);
    return NULL;
}

/* Columns: id, name, byte_size, member_count, digest, lacks_member_sizes. */
static struct error *read_layout(const struct sql_database *database, sqlite3_stmt *row,
                                 struct arena *arena, uint64_t *id, struct layout *layout,
                                 struct layout_member **members_ret)
{
    const char *name = sql_column_text(row, 1);
    uint64_t member_count = sql_column_number(row, 3);

    if (member_count > LAYOUT_MEMBERS_MAXIMUM ||
        sqlite3_column_bytes(row, 4) != LAYOUT_DIGEST_BYTES)
        return damaged(database, name);
    *id = sql_column_number(row, 0);
    layout->name = arena_copy_text(arena, name, strlen(name));
    layout->byte_size = sql_column_number(row, 2);
    layout->member_count = (uint32_t)member_count;
    layout->lacks_member_sizes = sql_column_number(row, 5) != 0;
    memcpy(layout->digest, sqlite3_column_blob(row, 4), LAYOUT_DIGEST_BYTES);
    *members_ret = arena_allocate(arena, member_count, sizeof(**members_ret));
    layout->members = *members_ret;
    return layout->name && layout->members ? NULL : error_out_of_memory();
}

static struct error *grow(struct arena *arena, struct layout_rows *rows, size_t *capacity)
{
    size_t grown = *capacity ? *capacity * 2 : 1024;
    uint64_t *ids = arena_allocate(arena, grown, sizeof(*ids));
    struct layout *layouts = arena_allocate(arena, grown, sizeof(*layouts));
    struct layout_member **members = arena_allocate(arena, grown, sizeof(*members));

    if (!ids || !layouts || !members)
        return error_out_of_memory();
    if (rows->count > 0) {
        memcpy(ids, rows->ids, rows->count * sizeof(*ids));
        memcpy(layouts, rows->layouts, rows->count * sizeof(*layouts));
        memcpy(members, rows->members, rows->count * sizeof(*members));
    }
    rows->ids = ids;
    rows->layouts = layouts;
    rows->members = members;
    *capacity = grown;
    return NULL;
}

static struct error *read_layouts(const struct sql_database *database, sqlite3_stmt *statement,
                                  struct arena *arena, struct layout_rows *rows)
{
    size_t capacity = 0;
    bool has_row;

    for (;;) {
        TRY(sql_step(database, statement, &has_row));
        if (!has_row)
            return NULL;
        if (rows->count == capacity)
            TRY(grow(arena, rows, &capacity));
        TRY(read_layout(database, statement, arena, &rows->ids[rows->count],
                        &rows->layouts[rows->count], &rows->members[rows->count]));
        rows->count++;
    }
}

/* Columns: layout, ordinal, depth, name, type, bit_offset, byte_size, bitfield_size. */
static struct error *read_member(const struct sql_database *database, sqlite3_stmt *row,
                                 const struct type_table *types, struct arena *arena,
                                 struct layout_member *member)
{
    const char *name = sql_column_text(row, 3);

    member->depth = (uint32_t)sql_column_number(row, 2);
    member->name = arena_copy_text(arena, name, strlen(name));
    if (!member->name)
        return error_out_of_memory();
    TRY(stored_type_find(database, types, sql_column_number(row, 4), &member->type));
    member->bit_offset = sql_column_number(row, 5);
    member->byte_size = sql_column_number(row, 6);
    member->bitfield_size = (uint32_t)sql_column_number(row, 7);
    return NULL;
}

/* Members come in the order of their layouts, and for each in their own. */
static struct error *read_members(const struct sql_database *database, sqlite3_stmt *statement,
                                  const struct type_table *types, struct arena *arena,
                                  struct layout_rows *rows)
{
    size_t index = 0;
    uint32_t ordinal = 0;
    bool has_row;

    for (;;) {
        TRY(sql_step(database, statement, &has_row));
        if (!has_row)
            break;
        uint64_t id = sql_column_number(statement, 0);
        while (index < rows->count &&
               (rows->ids[index] != id || ordinal == rows->layouts[index].member_count)) {
            if (ordinal != rows->layouts[index].member_count)
                return damaged(database, rows->layouts[index].name);
            index++;
            ordinal = 0;
        }
        if (index == rows->count || sql_column_number(statement, 1) != ordinal)
            return error_create(ERROR_DATASET, database->path,
                                "has members of no layout; the file is damaged");
        struct layout_member *member = &rows->members[index][ordinal];
        TRY(read_member(database, statement, types, arena, member));
        if (member->depth > (ordinal > 0 ? member[-1].depth + 1 : 0) ||
            member->depth >= LAYOUT_DEPTH_MAXIMUM)
            return damaged(database, rows->layouts[index].name);
        ordinal++;
    }
    for (; index < rows->count; index++, ordinal = 0) {
        if (rows->layouts[index].member_count != ordinal)
            return damaged(database, rows->layouts[index].name);
    }
    return NULL;
}

struct error *layout_rows_read(const struct sql_database *database, const char *id_query,
                               uint64_t first_number, const char *second_text,
                               const struct type_table *types, struct arena *arena,
                               struct layout_rows *rows_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *layouts = NULL;
    CLEANUP(sql_finalize) sqlite3_stmt *members = NULL;
    struct layout_rows rows = {0};

    TRY(prepare(database,
                "SELECT id, name, byte_size, member_count, digest, lacks_member_sizes FROM layout"
                " WHERE id IN",
                id_query, first_number, second_text, &layouts));
    TRY(prepare(database,
                "SELECT layout, ordinal, depth, name, type, bit_offset, byte_size, bitfield_size"
                " FROM member WHERE layout IN",
                id_query, first_number, second_text, &members));
    TRY(read_layouts(database, layouts, arena, &rows));
    TRY(read_members(database, members, types, arena, &rows));
    *rows_ret = rows;
    return NULL;
}

const struct layout *layout_rows_find(const struct layout_rows *rows, uint64_t id)
{
    size_t low = 0;
    size_t high = rows->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows->count && rows->ids[low] == id ? &rows->layouts[low] : NULL;
}
