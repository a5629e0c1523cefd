/* SPDX-License-Identifier: MIT */
#include "dataset/layout_rows.h"

#include <stdlib.h>
#include <string.h>

#include "dataset/stored_types.h"

static struct error *damaged(const struct sql_database *database, const char *name)
{
    return error_create(ERROR_DATASET, database->path,
                        "the layout of struct %s is not what was written" SQL_DAMAGED, name);
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

static struct error *read_layouts(const struct sql_database *database, sqlite3_stmt *statement,
                                  struct arena *arena, size_t capacity, struct layout_rows *rows)
{
    bool has_row;

    for (;;) {
        TRY(sql_step(database, statement, &has_row));
        if (!has_row)
            return NULL;
        if (rows->count == capacity)
            return error_create(ERROR_INTERNAL, database->path, "has more layouts than ids");
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

/* Reads the members of the layouts from INDEX on. They come in the order of their layouts, and for
 * each in their own. */
static struct error *read_members(const struct sql_database *database, sqlite3_stmt *statement,
                                  const struct type_table *types, struct arena *arena, size_t index,
                                  struct layout_rows *rows)
{
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
                                "has members of no layout" SQL_DAMAGED);
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

struct reader {
    const struct sql_database *database;
    const struct type_table *types;
    struct arena *arena;
    size_t capacity; /* of the rows */
    sqlite3_stmt *layouts;
    sqlite3_stmt *members;
};

/* Nothing that comes out wrong is handed on: not every damage is one that SQLite can see. */
static struct error *check_digests(const struct sql_database *database,
                                   const struct layout_rows *rows, size_t index)
{
    for (; index < rows->count; index++) {
        struct layout found = rows->layouts[index];
        TRY(layout_compute_digest(&found));
        if (memcmp(found.digest, rows->layouts[index].digest, sizeof(found.digest)) != 0)
            return damaged(database, found.name);
    }
    return NULL;
}

/* Reads the layouts with ids from FIRST to LAST. */
static struct error *read_run(const struct reader *reader, uint64_t first, uint64_t last,
                              struct layout_rows *rows)
{
    sqlite3_stmt *const statements[] = {reader->layouts, reader->members};
    size_t index = rows->count;

    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
        sqlite3_reset(statements[i]);
        sql_bind_number(statements[i], 1, first);
        sql_bind_number(statements[i], 2, last);
    }
    TRY(read_layouts(reader->database, reader->layouts, reader->arena, reader->capacity, rows));
    TRY(read_members(reader->database, reader->members, reader->types, reader->arena, index, rows));
    return check_digests(reader->database, rows, index);
}

/* Ids that follow on one another are read at once: mostly nearly all of a data set is wanted. */
static struct error *read_runs(const struct reader *reader, const uint64_t *ids, size_t id_count,
                               struct layout_rows *rows)
{
    size_t first = 0;

    for (size_t i = 0; i < id_count; i++) {
        if (i + 1 < id_count && ids[i + 1] == ids[i] + 1)
            continue;
        TRY(read_run(reader, ids[first], ids[i], rows));
        first = i + 1;
    }
    return NULL;
}

static struct error *allocate(struct arena *arena, size_t count, struct layout_rows *rows)
{
    rows->ids = arena_allocate(arena, count, sizeof(*rows->ids));
    rows->layouts = arena_allocate(arena, count, sizeof(*rows->layouts));
    rows->members = arena_allocate(arena, count, sizeof(*rows->members));
    return rows->ids && rows->layouts && rows->members ? NULL : error_out_of_memory();
}

struct error *layout_rows_read(const struct sql_database *database, const uint64_t *ids,
                               size_t id_count, const struct type_table *types, struct arena *arena,
                               struct layout_rows *rows_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *layouts = NULL;
    CLEANUP(sql_finalize) sqlite3_stmt *members = NULL;
    struct layout_rows rows = {0};

    TRY(allocate(arena, id_count, &rows));
    TRY(sql_prepare(database,
                    "SELECT id, name, byte_size, member_count, digest, lacks_member_sizes"
                    " FROM layout WHERE id BETWEEN ? AND ? ORDER BY id",
                    &layouts));
    TRY(sql_prepare(database,
                    "SELECT layout, ordinal, depth, name, type, bit_offset, byte_size,"
                    " bitfield_size FROM member WHERE layout BETWEEN ? AND ?"
                    " ORDER BY layout, ordinal",
                    &members));
    const struct reader reader = {.database = database,
                                  .types = types,
                                  .arena = arena,
                                  .capacity = id_count,
                                  .layouts = layouts,
                                  .members = members};
    TRY(read_runs(&reader, ids, id_count, &rows));
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
