/* SPDX-License-Identifier: MIT */
#include "dataset/history/history_details.h"

#include <stdlib.h>
#include <string.h>

/* Hardly more than ten thousand in a kernel. */
enum { SOURCE_FILES_MAXIMUM = 10 * 1000 * 1000 };

struct details_loader {
    const struct sql_database *database;
    struct history_images *images;
    const struct loaded_definitions *definitions;
    struct history *history;
    sqlite3_stmt *path;  /* asks for a source file by its id */
    const char **paths;  /* by id; NULL: not asked for yet */
    uint64_t path_count; /* ids are below it */
};

static void details_loader_deinit(struct details_loader *loader)
{
    sql_release(&loader->path);
}

static struct error *damaged(const struct details_loader *loader, const char *what)
{
    return error_create(ERROR_DATASET, loader->database->path, "%s" SQL_DAMAGED, what);
}

static struct error *prepare_paths(struct details_loader *loader)
{
    uint64_t last_id;

    TRY(sql_query_number_kept(loader->database, "SELECT coalesce(max(id), 0) FROM source_file",
                              &last_id));
    if (last_id > SOURCE_FILES_MAXIMUM)
        return damaged(loader, "a source file has an impossible number");
    loader->path_count = last_id + 1;
    loader->paths =
        arena_allocate(&loader->history->arena, loader->path_count, sizeof(*loader->paths));
    if (!loader->paths)
        return error_out_of_memory();
    return sql_prepare_kept(loader->database, "SELECT path FROM source_file WHERE id = ?",
                            &loader->path);
}

/* *PATH_RET is NULL if there is no source file of that id. */
static struct error *find_path(struct details_loader *loader, uint64_t id, const char **path_ret)
{
    bool has_row;

    *path_ret = NULL;
    if (id == 0 || id >= loader->path_count)
        return NULL;
    if (!loader->paths[id]) {
        sqlite3_reset(loader->path);
        sql_bind_number(loader->path, 1, id);
        TRY(sql_step(loader->database, loader->path, &has_row));
        if (has_row)
            TRY(sql_copy_text(loader->path, 0, &loader->history->arena, &loader->paths[id]));
    }
    *path_ret = loader->paths[id];
    return NULL;
}

static struct error *add_further(struct details_loader *loader, struct history_definition *entry,
                                 const struct loaded_definition *definition,
                                 struct history_place place)
{
    struct arena *arena = &loader->history->arena;
    struct history_further *further =
        arena_append(arena, entry->further, entry->further_count, sizeof(*further));

    if (!further)
        return error_out_of_memory();
    struct history_further *added = &further[entry->further_count++];
    *added = (struct history_further){
        .kernel = definition->kernel,
        .layout = &loader->definitions->rows.layouts[definition->row],
        .place = place,
        .ordinal = definition->ordinal,
    };
    entry->further = further;
    if (!definition->module_name)
        return NULL;
    added->modules.names = arena_append(arena, NULL, 0, sizeof(*added->modules.names));
    if (!added->modules.names)
        return error_out_of_memory();
    added->modules.names[added->modules.count++] = definition->module_name;
    return NULL;
}

/* Where it is, or that it is there at all besides the first one of its name. */
static struct error *add_definition(struct details_loader *loader,
                                    const struct loaded_definition *definition)
{
    struct history_definition *entry =
        loaded_definitions_entry(loader->definitions, loader->history, definition->row);
    const struct layout *layout = &loader->definitions->rows.layouts[definition->row];
    struct history_place place = {.line = definition->line};

    TRY(find_path(loader, definition->source_file, &place.file));
    if (entry->layouts[definition->kernel] == layout)
        entry->places[definition->kernel] = place;
    else if (definition->ordinal > 0)
        return add_further(loader, entry, definition, place);
    return NULL;
}

/* Those for which another image's stands have no place of their own. */
static struct error *add_definitions(struct details_loader *loader)
{
    const struct loaded_definitions *definitions = loader->definitions;

    for (size_t i = 0; i < definitions->count; i++) {
        if (definitions->list[i].ordinal != LOADED_ORDINAL_UNKNOWN)
            TRY(add_definition(loader, &definitions->list[i]));
    }
    return NULL;
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
static struct history_further *find_further(const struct history_definition *entry, size_t kernel,
                                            const struct layout *layout)
{
    for (size_t i = 0; i < entry->further_count; i++) {
        if (entry->further[i].kernel == kernel && entry->further[i].layout == layout &&
            entry->further[i].modules.count == 0)
            return &entry->further[i];
    }
    return NULL;
}

/* Columns: image, layout, source_file, count of the users. */
static struct error *add_user(struct details_loader *loader, const struct history_image *image,
                              sqlite3_stmt *row)
{
    const struct layout_rows *rows = &loader->definitions->rows;
    const struct layout *layout = layout_rows_find(rows, sql_column_number(row, 1));
    uint64_t count = sql_column_number(row, 3);
    const char *path;

    if (!layout || image->module_name)
        return NULL;
    const struct history_definition *entry = loaded_definitions_entry(
        loader->definitions, loader->history, (size_t)(layout - rows->layouts));
    struct history_further *further = find_further(entry, image->kernel, layout);
    /* A module has it first, and that module's view was asked for. */
    if (!further && entry->layouts[image->kernel] == layout)
        return NULL;
    TRY(find_path(loader, sql_column_number(row, 2), &path));
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

static struct error *add_users(struct details_loader *loader)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    const struct history_image *image;
    bool has_row;

    TRY(history_images_prepare(
        loader->images,
        "SELECT image, layout, source_file, count(*) OVER (PARTITION BY image, layout)"
        " FROM further_user",
        " ORDER BY image, layout, ordinal", &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(history_images_find(loader->images, sql_column_number(statement, 0), &image));
        if (image)
            TRY(add_user(loader, image, statement));
    }
}

static int compare_further(const void *left, const void *right)
{
    const struct history_further *a = left;
    const struct history_further *b = right;

    if (a->kernel != b->kernel)
        return a->kernel < b->kernel ? -1 : 1;
    return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

/* The rows come in the order in which kernels were stored, which says nothing. Tells whether there
 * is any. */
static bool sort_further(struct history *history)
{
    bool is_any = false;

    for (size_t i = 0; i < history->definition_count; i++) {
        struct history_definition *entry = &history->definitions[i];
        if (entry->further_count > 1)
            qsort(entry->further, entry->further_count, sizeof(*entry->further), compare_further);
        is_any = is_any || entry->further_count > 0;
    }
    return is_any;
}

static struct error *load(struct details_loader *loader)
{
    TRY(allocate_places(loader->history));
    TRY(prepare_paths(loader));
    TRY(add_definitions(loader));
    /* Of few names there mostly is none, and nobody to use it. */
    if (!sort_further(loader->history) && loader->images->selection->names)
        return NULL;
    return add_users(loader);
}

struct error *history_details_load(struct history_images *images,
                                   const struct loaded_definitions *definitions,
                                   struct history *history)
{
    CLEANUP(details_loader_deinit)
    struct details_loader loader = {.database = images->database,
                                    .images = images,
                                    .definitions = definitions,
                                    .history = history};

    return history->definition_count > 0 ? load(&loader) : NULL;
}
