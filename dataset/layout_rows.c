/* SPDX-License-Identifier: MIT */
#include "dataset/layout_rows.h"

#include <stdlib.h>
#include <string.h>

static struct error *damaged(const struct sql_database *database, const struct layout *layout)
{
    return error_create(ERROR_DATASET, database->path,
                        "the layout of %s %s is not what was written" SQL_DAMAGED,
                        definition_kind_texts[layout->kind].singular, layout->name);
}

struct reader {
    const struct sql_database *database;
    struct stored_types *types;
    struct arena *arena;
    size_t capacity; /* of the rows */
    struct layout_rows *rows;
};

#define LAYOUT_COLUMNS                                                                             \
    "id, name, byte_size, member_count, digest, lacks_member_sizes, kind, type, encoding,"         \
    " enumerator_count"

/* The texts and the type. */
static struct error *read_layout_details(const struct reader *reader, sqlite3_stmt *row,
                                         struct layout *layout)
{
    TRY(sql_copy_text(row, 1, reader->arena, &layout->name));
    if (!definition_kind_from_word(sql_column_text(row, 6), false, &layout->kind))
        return damaged(reader->database, layout);
    if (sqlite3_column_type(row, 7) != SQLITE_NULL)
        TRY(stored_type_find(reader->types, sql_column_number(row, 7), &layout->type));
    return sqlite3_column_type(row, 8) == SQLITE_NULL
               ? NULL
               : sql_copy_text(row, 8, reader->arena, &layout->encoding);
}

/* Columns: LAYOUT_COLUMNS. */
static struct error *read_layout(const struct reader *reader, sqlite3_stmt *row,
                                 struct layout_rows *rows)
{
    struct layout *layout = &rows->layouts[rows->count];
    uint64_t member_count = sql_column_number(row, 3);
    uint64_t enumerator_count = sql_column_number(row, 9);

    TRY(read_layout_details(reader, row, layout));
    if (member_count > LAYOUT_MEMBERS_MAXIMUM || enumerator_count > LAYOUT_MEMBERS_MAXIMUM ||
        sqlite3_column_bytes(row, 4) != LAYOUT_DIGEST_BYTES)
        return damaged(reader->database, layout);
    rows->ids[rows->count] = sql_column_number(row, 0);
    layout->byte_size = sql_column_number(row, 2);
    layout->member_count = (uint32_t)member_count;
    layout->enumerator_count = (uint32_t)enumerator_count;
    layout->lacks_member_sizes = sql_column_number(row, 5) != 0;
    memcpy(layout->digest, sqlite3_column_blob(row, 4), LAYOUT_DIGEST_BYTES);
    struct layout_member *members = arena_allocate(reader->arena, member_count, sizeof(*members));
    struct enumerator *enumerators =
        arena_allocate(reader->arena, enumerator_count, sizeof(*enumerators));
    layout->members = rows->members[rows->count] = members;
    layout->enumerators = rows->enumerators[rows->count] = enumerators;
    rows->count++;
    return members && enumerators ? NULL : error_out_of_memory();
}

static struct error *read_layouts(const struct reader *reader, sqlite3_stmt *statement)
{
    bool has_row;

    for (;;) {
        TRY(sql_step(reader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        if (reader->rows->count == reader->capacity)
            return error_create(ERROR_INTERNAL, reader->database->path,
                                "has more layouts than ids");
        TRY(read_layout(reader, statement, reader->rows));
    }
}

/* Columns: layout, ordinal, depth, name, type, bit_offset, byte_size, bitfield_size. */
static struct error *read_member(const struct reader *reader, sqlite3_stmt *row, size_t index,
                                 uint32_t ordinal)
{
    struct layout_member *member = &reader->rows->members[index][ordinal];

    member->depth = (uint32_t)sql_column_number(row, 2);
    TRY(sql_copy_text(row, 3, reader->arena, &member->name));
    TRY(stored_type_find(reader->types, sql_column_number(row, 4), &member->type));
    member->bit_offset = sql_column_number(row, 5);
    member->byte_size = sql_column_number(row, 6);
    member->bitfield_size = (uint32_t)sql_column_number(row, 7);
    if (member->depth > (ordinal > 0 ? member[-1].depth + 1 : 0) ||
        member->depth >= LAYOUT_DEPTH_MAXIMUM)
        return damaged(reader->database, &reader->rows->layouts[index]);
    return NULL;
}

static uint32_t member_count(const struct layout *layout)
{
    return layout->member_count;
}

/* Columns: layout, ordinal, name, value, is_unsigned. */
static struct error *read_enumerator(const struct reader *reader, sqlite3_stmt *row, size_t index,
                                     uint32_t ordinal)
{
    struct enumerator *enumerator = &reader->rows->enumerators[index][ordinal];

    enumerator->value = sqlite3_column_int64(row, 3);
    enumerator->is_unsigned = sql_column_number(row, 4) != 0;
    return sql_copy_text(row, 2, reader->arena, &enumerator->name);
}

static uint32_t enumerator_count(const struct layout *layout)
{
    return layout->enumerator_count;
}

/* What layouts are made of, in the order of the layouts, and for each in its own. */
struct part_table {
    const char *sql; /* of the layouts with ids from ?1 to ?2 */
    uint32_t (*count)(const struct layout *layout);
    struct error *(*read)(const struct reader *reader, sqlite3_stmt *row, size_t index,
                          uint32_t ordinal);
};

static const struct part_table part_tables[] = {
    {"SELECT layout, ordinal, depth, name, type, bit_offset, byte_size, bitfield_size FROM member"
     " WHERE layout BETWEEN ? AND ? ORDER BY layout, ordinal",
     member_count, read_member},
    {"SELECT layout, ordinal, name, value, is_unsigned FROM layout_enumerator"
     " WHERE layout BETWEEN ? AND ? ORDER BY layout, ordinal",
     enumerator_count, read_enumerator},
};

/* Reads the parts of the layouts from INDEX on. */
static struct error *read_parts(const struct reader *reader, const struct part_table *table,
                                sqlite3_stmt *statement, size_t index)
{
    const struct layout_rows *rows = reader->rows;
    uint32_t ordinal = 0;
    bool has_row;

    for (;;) {
        TRY(sql_step(reader->database, statement, &has_row));
        uint64_t id = has_row ? sql_column_number(statement, 0) : 0;
        while (index < rows->count && (!has_row || rows->ids[index] != id ||
                                       ordinal == table->count(&rows->layouts[index]))) {
            if (ordinal != table->count(&rows->layouts[index]))
                return damaged(reader->database, &rows->layouts[index]);
            index++;
            ordinal = 0;
        }
        if (!has_row)
            return NULL;
        if (index == rows->count || sql_column_number(statement, 1) != ordinal)
            return error_create(ERROR_DATASET, reader->database->path,
                                "has parts of no layout" SQL_DAMAGED);
        TRY(table->read(reader, statement, index, ordinal));
        ordinal++;
    }
}

/* Nothing that comes out wrong is handed on: not every damage is one that SQLite can see. */
static struct error *check_digests(const struct sql_database *database,
                                   const struct layout_rows *rows, size_t index)
{
    for (; index < rows->count; index++) {
        struct layout found = rows->layouts[index];
        TRY(layout_compute_digest(&found));
        if (!layouts_are_equal(&found, &rows->layouts[index]))
            return damaged(database, &found);
    }
    return NULL;
}

enum { STATEMENT_COUNT = 1 + ARRAY_LENGTH(part_tables) };

/* Reads the layouts with ids from FIRST to LAST; of the statements, that of the layouts is the
 * first. */
static struct error *read_run(const struct reader *reader,
                              sqlite3_stmt *statements[STATEMENT_COUNT], uint64_t first,
                              uint64_t last)
{
    size_t index = reader->rows->count;

    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_reset(statements[i]);
        sql_bind_number(statements[i], 1, first);
        sql_bind_number(statements[i], 2, last);
    }
    TRY(read_layouts(reader, statements[0]));
    for (size_t i = 0; i < ARRAY_LENGTH(part_tables); i++)
        TRY(read_parts(reader, &part_tables[i], statements[1 + i], index));
    return check_digests(reader->database, reader->rows, index);
}

/* Ids that follow on one another are read at once: mostly nearly all of a data set is wanted. */
static struct error *read_runs(const struct reader *reader,
                               sqlite3_stmt *statements[STATEMENT_COUNT], const uint64_t *ids,
                               size_t id_count)
{
    size_t first = 0;

    TRY(sql_prepare_kept(reader->database,
                         "SELECT " LAYOUT_COLUMNS
                         " FROM layout WHERE id BETWEEN ? AND ? ORDER BY id",
                         &statements[0]));
    for (size_t i = 0; i < ARRAY_LENGTH(part_tables); i++)
        TRY(sql_prepare_kept(reader->database, part_tables[i].sql, &statements[1 + i]));
    for (size_t i = 0; i < id_count; i++) {
        if (i + 1 < id_count && ids[i + 1] == ids[i] + 1)
            continue;
        TRY(read_run(reader, statements, ids[first], ids[i]));
        first = i + 1;
    }
    return NULL;
}

static struct error *allocate(struct arena *arena, size_t count, struct layout_rows *rows)
{
    rows->ids = arena_allocate(arena, count, sizeof(*rows->ids));
    rows->layouts = arena_allocate(arena, count, sizeof(*rows->layouts));
    rows->members = arena_allocate(arena, count, sizeof(*rows->members));
    rows->enumerators = arena_allocate(arena, count, sizeof(*rows->enumerators));
    return rows->ids && rows->layouts && rows->members && rows->enumerators ? NULL
                                                                            : error_out_of_memory();
}

struct error *layout_rows_read(const struct sql_database *database, const uint64_t *ids,
                               size_t id_count, struct stored_types *types, struct arena *arena,
                               struct layout_rows *rows_ret)
{
    sqlite3_stmt *statements[STATEMENT_COUNT] = {NULL};
    struct layout_rows rows = {0};
    const struct reader reader = {
        .database = database, .types = types, .arena = arena, .capacity = id_count, .rows = &rows};

    TRY(allocate(arena, id_count, &rows));
    struct error *error = read_runs(&reader, statements, ids, id_count);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sql_release(&statements[i]);
    if (!error)
        *rows_ret = rows;
    return error;
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
