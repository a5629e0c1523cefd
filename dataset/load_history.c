/* SPDX-License-Identifier: MIT */
/* Reads the layouts of many kernels, for a report. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/history_details.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

/* A few kernels do not need the layouts of all; the numbers of so many fit into a query. */
enum { LISTED_KERNELS_MAXIMUM = 16, QUERY_MAXIMUM = 1024 };

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

static struct error *map_kernels(const struct dataset *dataset, const struct history *history,
                                 struct history_kernels *map)
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

/* WHICH is the condition of append_condition(). */
static struct error *fill(struct loader *loader, const struct history_kernels *map,
                          const char *which)
{
    CLEANUP(buffer_deinit) struct buffer query;
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct history_struct *entry = NULL;
    bool has_row;

    buffer_init(&query, QUERY_MAXIMUM);
    buffer_append_format(&query,
                         "SELECT kernel, layout.id FROM layout JOIN definition"
                         " ON definition.layout = layout.id WHERE %s ORDER BY layout.name",
                         which);
    TRY(buffer_check(&query, "a query"));
    TRY(sql_prepare(loader->database, buffer_text(&query), &statement));
    sql_bind_number(statement, 1, 0);
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        uint64_t kernel = sql_column_number(statement, 0);
        if (kernel < map->count && map->indexes[kernel] == UINT64_MAX)
            continue;
        const struct layout *layout =
            layout_rows_find(&loader->rows, sql_column_number(statement, 1));
        if (!layout || kernel >= map->count)
            return error_create(ERROR_DATASET, loader->database->path,
                                "a layout is missing; the file is damaged");
        TRY(find_struct(loader, layout, &entry));
        entry->layouts[map->indexes[kernel]] = layout;
    }
}

/* Appends what holds for the definitions that are needed: of these kernels, as long as they are not
 * many, and with an ordinal of at most the parameter. */
static struct error *append_condition(const struct history *history,
                                      const struct history_kernels *map, struct buffer *condition)
{
    const char *separator = " AND kernel IN (";

    buffer_append_text(condition, "ordinal <= ?1");
    if (history->kernel_count <= LISTED_KERNELS_MAXIMUM) {
        for (uint64_t id = 0; id < map->count; id++) {
            if (map->indexes[id] == UINT64_MAX)
                continue;
            buffer_append_format(condition, "%s%" PRIu64, separator, id);
            separator = ", ";
        }
        buffer_append_char(condition, ')');
    }
    return buffer_check(condition, "a query");
}

static struct error *read_layouts(struct loader *loader, const char *which, uint64_t last_ordinal)
{
    CLEANUP(buffer_deinit) struct buffer query;

    buffer_init(&query, QUERY_MAXIMUM);
    buffer_append_format(&query, "SELECT layout FROM definition WHERE %s", which);
    TRY(buffer_check(&query, "a query"));
    return layout_rows_read(loader->database, buffer_text(&query), last_ordinal, NULL,
                            &loader->history->types, &loader->history->arena, &loader->rows);
}

static struct error *load_structs(struct loader *loader, const struct history_kernels *map,
                                  enum history_detail detail)
{
    CLEANUP(buffer_deinit) struct buffer condition;
    bool has_details = detail == HISTORY_DETAILS;

    buffer_init(&condition, QUERY_MAXIMUM);
    TRY(append_condition(loader->history, map, &condition));
    TRY(stored_types_load(loader->database, &loader->history->types));
    TRY(read_layouts(loader, buffer_text(&condition), has_details ? INT64_MAX : 0));
    TRY(fill(loader, map, buffer_text(&condition)));
    if (has_details)
        TRY(history_details_load(loader->database, map, &loader->rows, loader->history));
    return NULL;
}

static struct error *load(struct dataset *dataset, const char *const *kernel_names,
                          size_t kernel_count, enum history_detail detail, struct history *history)
{
    struct loader loader = {.database = &dataset->database, .history = history};
    struct history_kernels map = {0};

    if (kernel_count == 0)
        return error_create(ERROR_INTERNAL, dataset->database.path, "no kernel was asked for");
    TRY(copy_names(history, kernel_names, kernel_count));
    struct error *error = map_kernels(dataset, history, &map);
    if (!error)
        error = load_structs(&loader, &map, detail);
    free(map.indexes);
    return error;
}

struct error *dataset_load_history(struct dataset *dataset, const char *const *kernel_names,
                                   size_t kernel_count, enum history_detail detail,
                                   struct history *history_ret)
{
    struct history history;

    history_init(&history);
    struct error *error = sql_execute(&dataset->database, "BEGIN");
    if (!error)
        error = load(dataset, kernel_names, kernel_count, detail, &history);
    sql_end_reading(&dataset->database);
    if (error) {
        history_deinit(&history);
        return error;
    }
    *history_ret = history;
    return NULL;
}
