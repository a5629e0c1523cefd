/* SPDX-License-Identifier: MIT */
/* Reads the layouts of many kernels, for a report. */
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

struct loader {
    const struct sql_database *database;
    struct layout_rows rows;
    struct history *history;
    size_t capacity; /* of the history's structs */
};

static struct error *copy_names(struct history *history, const char *const *names, size_t count)
{
    history->kernel_names = arena_allocate(&history->arena, count, sizeof(*history->kernel_names));
    if (!history->kernel_names)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        history->kernel_names[i] = arena_copy_text(&history->arena, names[i], strlen(names[i]));
        if (!history->kernel_names[i])
            return error_out_of_memory();
    }
    history->kernel_count = count;
    return NULL;
}

/* Finds or, since names come sorted, appends the struct that LAYOUT is of. */
static struct error *find_struct(struct loader *loader, const struct layout *layout,
                                 struct history_struct **entry_ret)
{
    struct history *history = loader->history;

    if (history->struct_count > 0) {
        struct history_struct *last = &history->structs[history->struct_count - 1];
        if (strcmp(last->name, layout->name) == 0) {
            *entry_ret = last;
            return NULL;
        }
    }
    if (history->struct_count == loader->capacity) {
        size_t capacity = loader->capacity ? loader->capacity * 2 : 8192;
        struct history_struct *structs =
            arena_allocate(&history->arena, capacity, sizeof(*structs));
        if (!structs)
            return error_out_of_memory();
        if (history->struct_count > 0)
            memcpy(structs, history->structs, history->struct_count * sizeof(*structs));
        history->structs = structs;
        loader->capacity = capacity;
    }
    struct history_struct *entry = &history->structs[history->struct_count];
    entry->name = layout->name;
    entry->layouts =
        arena_allocate(&history->arena, history->kernel_count, sizeof(*entry->layouts));
    if (!entry->layouts)
        return error_out_of_memory();
    history->struct_count++;
    *entry_ret = entry;
    return NULL;
}

/* Which kernel of the report each kernel of the data set is. */
struct kernel_map {
    uint64_t *indexes; /* by the kernel's id; SIZE_MAX: not in the report */
    uint64_t count;
};

static struct error *map_kernels(const struct dataset *dataset, const struct history *history,
                                 struct kernel_map *map)
{
    uint64_t last_id;

    TRY(sql_query_number(&dataset->database, "SELECT coalesce(max(id), 0) FROM kernel", &last_id));
    map->indexes = calloc(last_id + 1, sizeof(*map->indexes));
    if (!map->indexes)
        return error_out_of_memory();
    map->count = last_id + 1;
    memset(map->indexes, 0xff, map->count * sizeof(*map->indexes));
    for (size_t i = 0; i < history->kernel_count; i++) {
        uint64_t id;
        TRY(dataset_find_kernel(dataset, history->kernel_names[i], &id));
        if (id == 0)
            return error_create(ERROR_NOT_FOUND, dataset->database.path, "has no kernel %s",
                                history->kernel_names[i]);
        if (id >= map->count)
            return error_create(ERROR_DATASET, dataset->database.path,
                                "kernel %s has an impossible number; the file is damaged",
                                history->kernel_names[i]);
        map->indexes[id] = i;
    }
    return NULL;
}

static struct error *fill(struct loader *loader, const struct kernel_map *map)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct history_struct *entry = NULL;
    bool has_row;

    TRY(sql_prepare(loader->database,
                    "SELECT kernel, layout.id FROM layout JOIN definition"
                    " ON definition.layout = layout.id WHERE ordinal = 0 ORDER BY layout.name",
                    &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        uint64_t kernel = sql_column_number(statement, 0);
        const struct layout *layout =
            layout_rows_find(&loader->rows, sql_column_number(statement, 1));
        if (!layout || kernel >= map->count)
            return error_create(ERROR_DATASET, loader->database->path,
                                "a layout is missing; the file is damaged");
        if (map->indexes[kernel] == UINT64_MAX)
            continue;
        TRY(find_struct(loader, layout, &entry));
        entry->layouts[map->indexes[kernel]] = layout;
    }
}

static struct error *load(struct dataset *dataset, const char *const *kernel_names,
                          size_t kernel_count, struct history *history)
{
    struct loader loader = {.database = &dataset->database, .history = history};
    struct kernel_map map = {0};

    TRY(copy_names(history, kernel_names, kernel_count));
    TRY(stored_types_load(loader.database, &history->types));
    TRY(layout_rows_read(loader.database, "SELECT layout FROM definition WHERE ordinal = ?1", 0,
                         NULL, &history->types, &history->arena, &loader.rows));
    struct error *error = map_kernels(dataset, history, &map);
    if (!error)
        error = fill(&loader, &map);
    free(map.indexes);
    return error;
}

struct error *dataset_load_history(struct dataset *dataset, const char *const *kernel_names,
                                   size_t kernel_count, struct history *history_ret)
{
    struct history history;

    history_init(&history);
    struct error *error = sql_execute(&dataset->database, "BEGIN");
    if (!error)
        error = load(dataset, kernel_names, kernel_count, &history);
    sql_end_reading(&dataset->database);
    if (error) {
        history_deinit(&history);
        return error;
    }
    *history_ret = history;
    return NULL;
}
