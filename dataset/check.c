/* SPDX-License-Identifier: MIT */
/* Are the pages and the layouts of a data set what was once written into it? */
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

/* So many layouts are in memory at once. */
enum { LAYOUTS_AT_ONCE = 4096 };

/* What SQLite can see: that pages are whole and in order, and that indexes and tables agree. */
static struct error *check_pages(const struct sql_database *database)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(database, "PRAGMA integrity_check(1)", &statement));
    TRY(sql_step(database, statement, &has_row));
    const char *answer = has_row ? sql_column_text(statement, 0) : "";
    if (strcmp(answer, "ok") == 0)
        return NULL;
    /* Before what is wrong comes a line with the database's name. */
    const char *line = strchr(answer, '\n');
    return error_create(ERROR_DATASET, database->path, "%s" SQL_DAMAGED, line ? line + 1 : answer);
}

/* Reads layouts, each of which is compared with its digest then. */
static struct error *read_layouts(struct stored_types *types, const uint64_t *ids, size_t count)
{
    struct layout_rows rows;
    struct arena arena;

    arena_init(&arena);
    struct error *error = layout_rows_read(types->database, ids, count, types, &arena, &rows);
    arena_deinit(&arena);
    return error;
}

static struct error *read_layouts_above(struct stored_types *types, uint64_t id)
{
    const struct sql_database *database = types->database;
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    uint64_t ids[LAYOUTS_AT_ONCE];
    size_t count = 0;
    bool has_row;

    TRY(sql_prepare(database, "SELECT id FROM layout WHERE id > ? ORDER BY id", &statement));
    sql_bind_number(statement, 1, id);
    do {
        TRY(sql_step(database, statement, &has_row));
        if (has_row)
            ids[count++] = sql_column_number(statement, 0);
        if (count < LAYOUTS_AT_ONCE && has_row)
            continue;
        TRY(read_layouts(types, ids, count));
        count = 0;
    } while (has_row);
    return NULL;
}

/* What SQLite cannot see: texts and numbers that are other ones than they were. */
struct error *dataset_check_layouts_above(const struct sql_database *database, uint64_t id)
{
    struct type_table table;

    type_table_init(&table);
    struct stored_types types = stored_types_in(database, &table);
    struct error *error = stored_types_load(database, &table);
    if (!error)
        error = read_layouts_above(&types, id);
    type_table_deinit(&table);
    return error;
}

struct error *dataset_check(struct dataset *dataset)
{
    const struct sql_database *database = &dataset->database;

    TRY(sql_execute(database, "BEGIN"));
    struct error *error = check_pages(database);
    if (!error)
        error = dataset_check_layouts_above(database, 0);
    sql_end_reading(database);
    return error;
}
