/* SPDX-License-Identifier: MIT */
/* Reads the layouts of many kernels, for a report. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/history_details.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

/* A few kernels do not need the definitions of all; the numbers of so many fit into a query. */
enum { LISTED_KERNELS_MAXIMUM = 16, QUERY_MAXIMUM = 1024 };

/* More than any data set has, by far; what is above can only be damage. */
enum { LAYOUT_ID_MAXIMUM = 1000 * 1000 * 1000 };

/* That a kernel defines a struct. */
struct loaded_definition {
    uint64_t layout_id;
    uint32_t kernel; /* its place in the history */
    bool is_first;   /* not a further one of its name */
};

struct loader {
    const struct sql_database *database;
    struct history_kernels map;
    struct loaded_definition *definitions; /* in no order that matters */
    size_t definition_count;
    size_t definition_capacity;
    struct arena scratch; /* for what is needed until the history is made */
    struct layout_rows rows;
    struct history *history;
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
                                "kernel %s has an impossible number" SQL_DAMAGED,
                                history->kernel_names[i]);
        map->indexes[id] = i;
    }
    return NULL;
}

static struct error *add_definition(struct loader *loader, struct loaded_definition definition)
{
    if (loader->definition_count == loader->definition_capacity) {
        size_t capacity = loader->definition_capacity ? loader->definition_capacity * 2 : 65536;
        struct loaded_definition *definitions =
            reallocarray(loader->definitions, capacity, sizeof(*definitions));
        if (!definitions)
            return error_out_of_memory();
        loader->definitions = definitions;
        loader->definition_capacity = capacity;
    }
    loader->definitions[loader->definition_count++] = definition;
    return NULL;
}

/* Names the kernels as long as they are not many. */
static void append_condition(const struct loader *loader, struct buffer *query)
{
    const char *separator = " AND kernel IN (";

    if (loader->history->kernel_count > LISTED_KERNELS_MAXIMUM)
        return;
    for (uint64_t id = 0; id < loader->map.count; id++) {
        if (loader->map.indexes[id] == UINT64_MAX)
            continue;
        buffer_append_format(query, "%s%" PRIu64, separator, id);
        separator = ", ";
    }
    buffer_append_char(query, ')');
}

static struct error *damaged(const struct loader *loader, const char *what)
{
    return error_create(ERROR_DATASET, loader->database->path, "%s" SQL_DAMAGED, what);
}

static struct error *list_definitions(struct loader *loader, uint64_t last_ordinal)
{
    CLEANUP(buffer_deinit) struct buffer query;
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    buffer_init(&query, QUERY_MAXIMUM);
    buffer_append_text(&query, "SELECT kernel, layout, ordinal FROM definition WHERE ordinal <= ?");
    append_condition(loader, &query);
    TRY(buffer_check(&query, "a query"));
    TRY(sql_prepare(loader->database, buffer_text(&query), &statement));
    sql_bind_number(statement, 1, last_ordinal);
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        uint64_t kernel = sql_column_number(statement, 0);
        if (kernel >= loader->map.count)
            return damaged(loader, "a definition is of no kernel");
        if (loader->map.indexes[kernel] == UINT64_MAX)
            continue;
        struct loaded_definition definition = {
            .layout_id = sql_column_number(statement, 1),
            .kernel = (uint32_t)loader->map.indexes[kernel],
            .is_first = sql_column_number(statement, 2) == 0,
        };
        TRY(add_definition(loader, definition));
    }
}

/* Reads every layout that a definition names, once. */
static struct error *read_layouts(struct loader *loader)
{
    uint64_t last_id = 0;
    size_t count = 0;

    for (size_t i = 0; i < loader->definition_count; i++) {
        if (loader->definitions[i].layout_id > last_id)
            last_id = loader->definitions[i].layout_id;
    }
    if (last_id > LAYOUT_ID_MAXIMUM)
        return damaged(loader, "a layout has an impossible number");
    bool *is_wanted = arena_allocate(&loader->scratch, last_id + 1, sizeof(*is_wanted));
    if (!is_wanted)
        return error_out_of_memory();
    for (size_t i = 0; i < loader->definition_count; i++) {
        count += !is_wanted[loader->definitions[i].layout_id];
        is_wanted[loader->definitions[i].layout_id] = true;
    }
    uint64_t *ids = arena_allocate(&loader->scratch, count, sizeof(*ids));
    if (!ids)
        return error_out_of_memory();
    count = 0;
    for (uint64_t id = 0; id <= last_id; id++) {
        if (is_wanted[id])
            ids[count++] = id;
    }
    return layout_rows_read(loader->database, ids, count, &loader->history->types,
                            &loader->history->arena, &loader->rows);
}

static int compare_names(const void *left, const void *right)
{
    const struct layout *const *one = left;
    const struct layout *const *other = right;

    return strcmp((*one)->name, (*other)->name);
}

static struct error *append_struct(struct history *history, const char *name)
{
    struct history_struct *entry = &history->structs[history->struct_count++];

    entry->name = name;
    entry->layouts =
        arena_allocate(&history->arena, history->kernel_count, sizeof(*entry->layouts));
    return entry->layouts ? NULL : error_out_of_memory();
}

/* Makes a struct for each name, sorted; STRUCT_INDEXES tells which one each row is of. */
static struct error *make_structs(struct loader *loader, uint32_t *struct_indexes)
{
    struct history *history = loader->history;
    size_t count = loader->rows.count;
    const struct layout **sorted = arena_allocate(&loader->scratch, count, sizeof(*sorted));

    history->structs = arena_allocate(&history->arena, count, sizeof(*history->structs));
    if (!sorted || !history->structs)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++)
        sorted[i] = &loader->rows.layouts[i];
    qsort(sorted, count, sizeof(const struct layout *), compare_names);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(sorted[i]->name, sorted[i - 1]->name) != 0)
            TRY(append_struct(history, sorted[i]->name));
        struct_indexes[sorted[i] - loader->rows.layouts] = (uint32_t)(history->struct_count - 1);
    }
    return NULL;
}

/* Gives every struct its layout in every kernel. */
static struct error *fill(struct loader *loader)
{
    const struct layout_rows *rows = &loader->rows;
    uint32_t *struct_indexes =
        arena_allocate(&loader->scratch, rows->count, sizeof(*struct_indexes));

    if (!struct_indexes)
        return error_out_of_memory();
    TRY(make_structs(loader, struct_indexes));
    for (size_t i = 0; i < loader->definition_count; i++) {
        const struct loaded_definition *definition = &loader->definitions[i];
        const struct layout *layout = layout_rows_find(rows, definition->layout_id);
        if (!layout)
            return damaged(loader, "a layout is missing");
        struct history_struct *entry =
            &loader->history->structs[struct_indexes[layout - rows->layouts]];
        if (definition->is_first)
            entry->layouts[definition->kernel] = layout;
    }
    return NULL;
}

static struct error *load(struct loader *loader, enum history_detail detail)
{
    bool has_details = detail == HISTORY_DETAILS;

    TRY(stored_types_load(loader->database, &loader->history->types));
    TRY(list_definitions(loader, has_details ? INT64_MAX : 0));
    TRY(read_layouts(loader));
    TRY(fill(loader));
    if (has_details)
        TRY(history_details_load(loader->database, &loader->map, &loader->rows, loader->history));
    return NULL;
}

static struct error *load_kernels(struct dataset *dataset, const char *const *kernel_names,
                                  size_t kernel_count, enum history_detail detail,
                                  struct history *history)
{
    struct loader loader = {.database = &dataset->database, .history = history};

    arena_init(&loader.scratch);
    if (kernel_count == 0)
        return error_create(ERROR_INTERNAL, dataset->database.path, "no kernel was asked for");
    TRY(copy_names(history, kernel_names, kernel_count));
    struct error *error = map_kernels(dataset, history, &loader.map);
    if (!error)
        error = load(&loader, detail);
    free(loader.map.indexes);
    free(loader.definitions);
    arena_deinit(&loader.scratch);
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
        error = load_kernels(dataset, kernel_names, kernel_count, detail, &history);
    sql_end_reading(&dataset->database);
    if (error) {
        history_deinit(&history);
        return error;
    }
    *history_ret = history;
    return NULL;
}
