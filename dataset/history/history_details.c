/* SPDX-License-Identifier: MIT */
#include "dataset/history/history_details.h"

#include <stdlib.h>
#include <string.h>

/* Hardly more than ten thousand in a kernel. */
enum { SOURCE_FILES_MAXIMUM = 10 * 1000 * 1000 };

struct details_loader {
    const struct sql_database *database;
    struct history_images *images;
    const struct layout_rows *rows;
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
static struct error *add_definition(struct details_loader *loader,
                                    const struct history_image *image, sqlite3_stmt *row)
{
    const struct layout *layout = layout_rows_find(loader->rows, sql_column_number(row, 1));
    const struct history_definition *found =
        layout ? history_find(loader->history, layout->kind, layout->name) : NULL;

    if (!found)
        return NULL; /* not of the selection */
    struct history_definition *entry =
        &loader->history->definitions[found - loader->history->definitions];
    struct history_place place = {.line = (uint32_t)sql_column_number(row, 4)};
    uint32_t ordinal = (uint32_t)sql_column_number(row, 2);
    TRY(find_path(loader, sql_column_number(row, 3), &place.file));
    if (entry->layouts[image->kernel] == layout)
        entry->places[image->kernel] = place;
    else if (ordinal > 0)
        return add_further(loader, entry, image->kernel, layout, ordinal, place,
                           image->module_name);
    return NULL;
}

typedef struct error *take_row(struct details_loader *loader, const struct history_image *image,
                               sqlite3_stmt *row);

/* Hands the rows of a query, whose first column is an image's id, to TAKE: those of the history's
 * images. */
static struct error *visit_rows(struct details_loader *loader, const char *select,
                                const char *order, take_row *take)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    const struct history_image *image;
    bool has_row;

    TRY(history_images_prepare(loader->images, select, order, &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(history_images_find(loader->images, sql_column_number(statement, 0), &image));
        if (image)
            TRY(take(loader, image, statement));
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
static struct error *add_user(struct details_loader *loader, const struct history_image *image,
                              sqlite3_stmt *row)
{
    const struct layout *layout = layout_rows_find(loader->rows, sql_column_number(row, 1));
    uint64_t count = sql_column_number(row, 3);
    const char *path;

    if (!layout || image->module_name)
        return NULL;
    struct history_further *further = find_further(loader, image->kernel, layout);
    /* A module has it first, and that module's view was asked for. */
    if (!further && is_first(loader, image->kernel, layout))
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
    TRY(visit_rows(loader, "SELECT image, layout, ordinal, source_file, line FROM definition",
                   " ORDER BY image, ordinal", add_definition));
    /* Of few names there mostly is none, and nobody to use it. */
    if (!sort_further(loader->history) && loader->images->selection->names)
        return NULL;
    return visit_rows(
        loader,
        "SELECT image, layout, source_file, count(*) OVER (PARTITION BY image, layout)"
        " FROM further_user",
        " ORDER BY image, layout, ordinal", add_user);
}

struct error *history_details_load(struct history_images *images, const struct layout_rows *rows,
                                   struct history *history)
{
    CLEANUP(details_loader_deinit)
    struct details_loader loader = {
        .database = images->database, .images = images, .rows = rows, .history = history};

    return history->definition_count > 0 ? load(&loader) : NULL;
}
