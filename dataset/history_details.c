/* SPDX-License-Identifier: MIT */
#include "dataset/history_details.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* Hardly more than ten thousand in a kernel. */
enum { SOURCE_FILES_MAXIMUM = 10 * 1000 * 1000, QUERY_MAXIMUM = 65536 };

struct details_loader {
    const struct sql_database *database;
    const struct history_images *images;
    const struct layout_rows *rows;
    struct history *history;
    const char **paths; /* of source files, by id */
    uint64_t path_count;
};

struct error *history_images_prepare(const struct history_images *images,
                                     const struct sql_database *database, const char *select,
                                     const char *order, sqlite3_stmt **statement_ret)
{
    CLEANUP(buffer_deinit) struct buffer query;

    buffer_init(&query, QUERY_MAXIMUM);
    buffer_append_format(&query, "%s WHERE %s%s", select, images->condition, order);
    TRY(buffer_check(&query, "a query"));
    TRY(sql_prepare(database, buffer_text(&query), statement_ret));
    if (images->name)
        sql_bind_text(*statement_ret, 1, images->name);
    return NULL;
}

static struct error *damaged(const struct details_loader *loader, const char *what)
{
    return error_create(ERROR_DATASET, loader->database->path, "%s" SQL_DAMAGED, what);
}

static struct error *load_paths(struct details_loader *loader)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    struct arena *arena = &loader->history->arena;
    uint64_t last_id;
    bool has_row;

    TRY(sql_query_number(loader->database, "SELECT coalesce(max(id), 0) FROM source_file",
                         &last_id));
    if (last_id > SOURCE_FILES_MAXIMUM)
        return damaged(loader, "a source file has an impossible number");
    loader->path_count = last_id + 1;
    loader->paths = arena_allocate(arena, loader->path_count, sizeof(*loader->paths));
    if (!loader->paths)
        return error_out_of_memory();
    TRY(sql_prepare(loader->database, "SELECT id, path FROM source_file WHERE id > 0", &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        const char *path = sql_column_text(statement, 1);
        uint64_t id = sql_column_number(statement, 0);
        if (id >= loader->path_count)
            return damaged(loader, "a source file has an impossible number");
        loader->paths[id] = arena_copy_text(arena, path, strlen(path));
        if (!loader->paths[id])
            return error_out_of_memory();
    }
}

static const char *path_of(const struct details_loader *loader, uint64_t id)
{
    return id < loader->path_count ? loader->paths[id] : NULL;
}

static struct error *add_further(struct details_loader *loader, struct history_definition *entry,
                                 size_t kernel, const struct layout *layout, uint32_t ordinal,
                                 struct history_place place, const char *module_name)
{
    struct history_further *further = arena_append(&loader->history->arena, entry->further,
                                                   entry->further_count, sizeof(*further));

    if (!further)
        return error_out_of_memory();
    struct history_further *added = &further[entry->further_count++];
    *added = (struct history_further){
        .kernel = kernel, .layout = layout, .place = place, .ordinal = ordinal};
    entry->further = further;
    if (!module_name)
        return NULL;
    added->modules.names =
        arena_append(&loader->history->arena, NULL, 0, sizeof(*added->modules.names));
    if (!added->modules.names)
        return error_out_of_memory();
    added->modules.names[added->modules.count++] = module_name;
    return NULL;
}

/* Columns: image, layout, ordinal, source_file, line. */
static struct error *add_definition(struct details_loader *loader, sqlite3_stmt *row)
{
    uint64_t id = sql_column_number(row, 0);
    const struct layout *layout = layout_rows_find(loader->rows, sql_column_number(row, 1));
    const struct history_definition *found =
        layout ? history_find(loader->history, layout->kind, layout->name) : NULL;

    if (!found)
        return NULL; /* not of the selection */
    size_t kernel = loader->images->indexes[id];
    struct history_definition *entry =
        &loader->history->definitions[found - loader->history->definitions];
    struct history_place place = {path_of(loader, sql_column_number(row, 3)),
                                  (uint32_t)sql_column_number(row, 4)};
    uint32_t ordinal = (uint32_t)sql_column_number(row, 2);
    if (entry->layouts[kernel] == layout)
        entry->places[kernel] = place;
    else if (ordinal > 0)
        return add_further(loader, entry, kernel, layout, ordinal, place,
                           loader->images->module_names[id]);
    return NULL;
}

/* Hands the rows of a query, whose first column is an image's id, to TAKE: those of the history's
 * images. */
static struct error *visit_rows(struct details_loader *loader, const char *select,
                                const char *order,
                                struct error *(*take)(struct details_loader *, sqlite3_stmt *))
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(history_images_prepare(loader->images, loader->database, select, order, &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        uint64_t id = sql_column_number(statement, 0);
        if (id < loader->images->count && loader->images->indexes[id] != UINT64_MAX)
            TRY(take(loader, statement));
    }
}

static struct error *allocate_places(struct history *history)
{
    for (size_t i = 0; i < history->definition_count; i++) {
        struct history_definition *entry = &history->definitions[i];
        entry->places =
            arena_allocate(&history->arena, history->kernel_count, sizeof(*entry->places));
        if (!entry->places)
            return error_out_of_memory();
    }
    return NULL;
}

/* The further definition of that layout in that kernel, or NULL. */
static struct history_further *find_further(const struct details_loader *loader, size_t kernel,
                                            const struct layout *layout)
{
    const struct history_definition *entry =
        history_find(loader->history, layout->kind, layout->name);

    for (size_t i = 0; entry && i < entry->further_count; i++) {
        if (entry->further[i].kernel == kernel && entry->further[i].layout == layout &&
            entry->further[i].modules.count == 0)
            return &entry->further[i];
    }
    return NULL;
}

/* Is it what the name means in that kernel? */
static bool is_first(const struct details_loader *loader, size_t kernel,
                     const struct layout *layout)
{
    const struct history_definition *entry =
        history_find(loader->history, layout->kind, layout->name);

    return entry && entry->layouts[kernel] == layout;
}

/* Columns: image, layout, source_file, count of the users. */
static struct error *add_user(struct details_loader *loader, sqlite3_stmt *row)
{
    size_t kernel = loader->images->indexes[sql_column_number(row, 0)];
    const struct layout *layout = layout_rows_find(loader->rows, sql_column_number(row, 1));
    const char *path = path_of(loader, sql_column_number(row, 2));
    uint64_t count = sql_column_number(row, 3);

    if (!layout || loader->images->module_names[sql_column_number(row, 0)])
        return NULL;
    struct history_further *further = find_further(loader, kernel, layout);
    /* A module has it first, and that module's view was asked for. */
    if (!further && is_first(loader, kernel, layout))
        return NULL;
    if (!further || !path || count > SOURCE_FILES_MAXIMUM || further->user_count >= count)
        return damaged(loader, "a source file uses no definition");
    if (!further->users) {
        further->users = arena_allocate(&loader->history->arena, count, sizeof(*further->users));
        if (!further->users)
            return error_out_of_memory();
    }
    further->users[further->user_count++] = path;
    return NULL;
}

static int compare_further(const void *left, const void *right)
{
    const struct history_further *a = left;
    const struct history_further *b = right;

    if (a->kernel != b->kernel)
        return a->kernel < b->kernel ? -1 : 1;
    return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

/* The rows come in the order in which kernels were stored, which says nothing. */
static void sort_further(struct history *history)
{
    for (size_t i = 0; i < history->definition_count; i++) {
        struct history_definition *entry = &history->definitions[i];
        if (entry->further_count > 1)
            qsort(entry->further, entry->further_count, sizeof(*entry->further), compare_further);
    }
}

struct error *history_details_load(const struct sql_database *database,
                                   const struct history_images *images,
                                   const struct layout_rows *rows, struct history *history)
{
    struct details_loader loader = {
        .database = database, .images = images, .rows = rows, .history = history};

    if (history->definition_count == 0)
        return NULL;
    TRY(allocate_places(history));
    TRY(load_paths(&loader));
    TRY(visit_rows(&loader, "SELECT image, layout, ordinal, source_file, line FROM definition",
                   " ORDER BY image, ordinal", add_definition));
    sort_further(history);
    return visit_rows(
        &loader,
        "SELECT image, layout, source_file, count(*) OVER (PARTITION BY image, layout)"
        " FROM further_user",
        " ORDER BY image, layout, ordinal", add_user);
}
