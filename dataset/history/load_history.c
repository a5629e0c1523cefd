/* SPDX-License-Identifier: MIT */
/* Reads what one or many kernels define. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/history/history_details.h"
#include "dataset/history/history_images.h"
#include "dataset/history/loaded_definitions.h"
#include "dataset/history/wanted_layouts.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

/* A few images do not need the definitions of all; the numbers of so many fit into a query. */
enum { LISTED_IMAGES_MAXIMUM = 2048, IDS_MAXIMUM = 8 * 1024 * 1024 };

struct loader {
    const struct sql_database *database;
    const struct dataset_selection *selection;
    struct history_images images;
    struct stored_types types;
    struct wanted_layouts wanted;
    struct loaded_definitions definitions; /* in no order that matters */
    struct arena scratch;                  /* for what is needed until the history is made */
    bool has_modules;                      /* some definition is a module's */
    struct history *history;
};

static struct error *damaged(const struct loader *loader, const char *what)
{
    return error_create(ERROR_DATASET, loader->database->path, "%s" SQL_DAMAGED, what);
}

static struct error *copy_names(struct history *history, const struct dataset_selection *selection)
{
    size_t count = selection->kernel_count;

    history->kernel_names = arena_allocate(&history->arena, count, sizeof(*history->kernel_names));
    history->lacks_modules =
        arena_allocate(&history->arena, count, sizeof(*history->lacks_modules));
    if (!history->kernel_names || !history->lacks_modules)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const char *name = selection->kernel_names[i];
        history->kernel_names[i] = arena_copy_text(&history->arena, name, strlen(name));
        if (!history->kernel_names[i])
            return error_out_of_memory();
    }
    history->kernel_count = count;
    return NULL;
}

/* The condition is the same whatever the ids are, so that its statements are prepared once. */
#define IS_LISTED(column) " AND " column " IN (SELECT value FROM json_each(?1))"

static struct error *list_ids(struct loader *loader, const uint64_t *ids, size_t count)
{
    CLEANUP(buffer_deinit) struct buffer list;

    buffer_init(&list, IDS_MAXIMUM);
    for (size_t i = 0; i < count; i++)
        sql_list_append(&list, ids[i]);
    sql_list_end(&list);
    TRY(buffer_check(&list, "a query"));
    loader->images.ids = arena_copy_text(&loader->scratch, buffer_text(&list), list.length);
    return loader->images.ids ? NULL : error_out_of_memory();
}

static struct error *prepare_images(const struct loader *loader, sqlite3_stmt **statement_ret)
{
    TRY(sql_prepare_kept(loader->database,
                         "SELECT image.id FROM kernel JOIN image ON image.kernel = kernel.id"
                         " WHERE kernel.name = ?1"
                         " AND (?2 IS NULL OR image.name IN (?2, '" VMLINUX_IMAGE "'))",
                         statement_ret));
    if (loader->selection->image)
        sql_bind_text(*statement_ret, 2, loader->selection->image);
    return NULL;
}

/* Names the images as long as they are not many. */
static struct error *list_images(struct loader *loader)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    uint64_t ids[LISTED_IMAGES_MAXIMUM];
    size_t count = 0;
    bool has_row;

    TRY(prepare_images(loader, &statement));
    for (size_t i = 0; i < loader->history->kernel_count; i++) {
        sqlite3_reset(statement);
        sql_bind_text(statement, 1, loader->history->kernel_names[i]);
        for (;;) {
            TRY(sql_step(loader->database, statement, &has_row));
            if (!has_row)
                break;
            if (count == LISTED_IMAGES_MAXIMUM)
                return NULL;
            ids[count++] = sql_column_number(statement, 0);
        }
    }
    return list_ids(loader, ids, count);
}

/* A module's own definition may be a further one in its kernel. */
static bool needs_further(const struct loader *loader)
{
    return loader->selection->has_details || image_is_module(loader->selection->image);
}

static struct error *make_condition(struct loader *loader)
{
    bool has_names = loader->selection->names != NULL;
    bool has_further = needs_further(loader);

    if (has_names)
        TRY(list_ids(loader, loader->wanted.ids, loader->wanted.count));
    else
        TRY(list_images(loader));
    if (has_names)
        loader->images.condition =
            has_further ? "ordinal >= 0" IS_LISTED("layout") : "ordinal = 0" IS_LISTED("layout");
    else if (loader->images.ids)
        loader->images.condition =
            has_further ? "ordinal >= 0" IS_LISTED("image") : "ordinal = 0" IS_LISTED("image");
    else
        loader->images.condition = has_further ? "ordinal >= 0" : "ordinal = 0";
    return NULL;
}

/* A row of the list: a definition that an image has. Columns: DEFINITION_COLUMNS. */
static struct error *take_definition(struct loader *loader, sqlite3_stmt *row)
{
    const struct history_image *image;
    uint64_t layout_id = sql_column_number(row, 1);

    TRY(history_images_find(&loader->images, sql_column_number(row, 0), &image));
    /* One without a layout is seen when it is looked for. */
    bool is_known = layout_id <= loader->wanted.last_id;
    if (!image || (is_known && !loader->wanted.is_wanted[layout_id]))
        return NULL;
    if (!is_known)
        return damaged(loader, "a layout is missing");
    loader->has_modules = loader->has_modules || image->module_name;
    return loaded_definitions_add(&loader->definitions,
                                  (struct loaded_definition){
                                      .layout_id = layout_id,
                                      .module_name = image->module_name,
                                      .source_file = sql_column_number(row, 3),
                                      .line = (uint32_t)sql_column_number(row, 4),
                                      .kernel = (uint32_t)image->kernel,
                                      .ordinal = (uint32_t)sql_column_number(row, 2),
                                  });
}

/* What is selected of the rows. Places are in no index: they are asked for only if they are
 * wanted. */
static const char *definition_rows(const struct dataset_selection *selection)
{
    if (image_is_module(selection->image))
        return "SELECT image, layout, ordinal, source_file, line FROM (SELECT image, layout,"
               " ordinal, source_file, line, position FROM definition UNION ALL SELECT image,"
               " layout, " AS_TEXT(LOADED_ORDINAL_UNKNOWN) ", 0, 0, position FROM further_image)";
    return selection->has_details
               ? "SELECT image, layout, ordinal, source_file, line FROM definition"
               : "SELECT image, layout, ordinal, 0, 0 FROM definition";
}

static struct error *list_definitions(struct loader *loader)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    bool is_module_view = image_is_module(loader->selection->image);
    bool has_row;

    TRY(history_images_prepare(&loader->images, definition_rows(loader->selection),
                               is_module_view ? " ORDER BY position" : "", &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(take_definition(loader, statement));
    }
}

/* Reads every layout that a definition names, once. */
static struct error *read_layouts(struct loader *loader)
{
    size_t count;
    uint64_t *ids;

    TRY(loaded_definitions_list_layouts(&loader->definitions, loader->wanted.last_id,
                                        &loader->scratch, &ids, &count));
    return layout_rows_read(loader->database, ids, count, &loader->types, &loader->history->arena,
                            &loader->definitions.rows);
}

/* Is it what its name means in the kernel? In a module's view, all that the module has is. */
static bool is_first(const struct loader *loader, const struct loaded_definition *definition)
{
    return definition->ordinal == 0 ||
           (definition->module_name && image_is_module(loader->selection->image));
}

static struct error *add_module(struct loader *loader, struct history_modules *modules,
                                const char *name)
{
    const char **names = arena_append(&loader->history->arena, modules->names, modules->count,
                                      sizeof(*modules->names));

    if (!names)
        return error_out_of_memory();
    names[modules->count++] = name;
    modules->names = names;
    return NULL;
}

/* The list of the modules that have the entry's definition in that kernel. */
static struct error *modules_of(struct loader *loader, struct history_definition *entry,
                                size_t kernel, struct history_modules **modules_ret)
{
    if (!entry->modules)
        entry->modules = arena_allocate(&loader->history->arena, loader->history->kernel_count,
                                        sizeof(*entry->modules));
    if (!entry->modules)
        return error_out_of_memory();
    *modules_ret = &entry->modules[kernel];
    return NULL;
}

/* A module's own definition goes before vmlinux's: both are first ones only where what the module
 * sees is asked for. */
static struct error *add_first(struct loader *loader, const struct loaded_definition *definition)
{
    const struct layout *layout = &loader->definitions.rows.layouts[definition->row];
    struct history_definition *entry =
        loaded_definitions_entry(&loader->definitions, loader->history, definition->row);
    struct history_modules *modules = NULL;

    if (!definition->module_name) {
        if (!entry->layouts[definition->kernel])
            entry->layouts[definition->kernel] = layout;
        return NULL;
    }
    TRY(modules_of(loader, entry, definition->kernel, &modules));
    if (modules->count > 0)
        return NULL;
    entry->layouts[definition->kernel] = layout;
    return add_module(loader, modules, definition->module_name);
}

/* Gives every name its layout in every kernel. */
static struct error *fill(struct loader *loader)
{
    struct loaded_definitions *definitions = &loader->definitions;

    TRY(loaded_definitions_name(definitions, loader->database->path, &loader->scratch,
                                loader->history));
    for (size_t i = 0; i < definitions->count; i++) {
        if (is_first(loader, &definitions->list[i]))
            TRY(add_first(loader, &definitions->list[i]));
    }
    return NULL;
}

/* Where the modules are listed that have LAYOUT in that kernel; NULL if nowhere. */
static struct history_modules *find_modules(const struct history_definition *entry, size_t kernel,
                                            const struct layout *layout)
{
    if (entry->layouts[kernel] == layout)
        return entry->modules && entry->modules[kernel].count > 0 ? &entry->modules[kernel] : NULL;
    for (size_t i = 0; i < entry->further_count; i++) {
        struct history_further *further = &entry->further[i];
        if (further->kernel == kernel && further->layout == layout && further->modules.count > 0)
            return &further->modules;
    }
    return NULL;
}

/* Names the modules that have what an earlier one stands for. */
static struct error *add_further_images(struct loader *loader)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    const struct layout_rows *rows = &loader->definitions.rows;
    const struct history_image *image;
    bool has_row;

    TRY(history_images_prepare(&loader->images,
                               "SELECT image, layout FROM (SELECT image, layout, 0 AS ordinal"
                               " FROM further_image)",
                               " ORDER BY layout, image", &statement));
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        const struct layout *layout = layout_rows_find(rows, sql_column_number(statement, 1));
        if (!layout)
            continue;
        TRY(history_images_find(&loader->images, sql_column_number(statement, 0), &image));
        if (!image)
            continue;
        struct history_modules *modules =
            find_modules(loaded_definitions_entry(&loader->definitions, loader->history,
                                                  (size_t)(layout - rows->layouts)),
                         image->kernel, layout);
        if (modules)
            TRY(add_module(loader, modules, image->module_name));
    }
}

/* How many names of the kinds that are loaded the kernel's row says that it has. */
static uint64_t count_on_record(const struct dataset_selection *selection,
                                const struct kernel_record *record)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < DEFINITION_KIND_COUNT; i++)
        sum += selection->kinds & DEFINITION_KIND_BIT(i) ? record->counts[i] : 0;
    return sum;
}

/* Is as much there as was stored? */
static struct error *check_counts(struct dataset *dataset, struct loader *loader)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};
    const struct history *history = loader->history;

    TRY(dataset_list(dataset, &kernels));
    uint64_t *counts = arena_allocate(&loader->scratch, history->kernel_count, sizeof(*counts));
    if (!counts)
        return error_out_of_memory();
    for (size_t i = 0; i < loader->definitions.count; i++) {
        const struct loaded_definition *definition = &loader->definitions.list[i];
        counts[definition->kernel] += definition->ordinal == 0 && !definition->module_name;
    }
    for (size_t i = 0; i < history->kernel_count; i++) {
        const struct kernel_record *record =
            dataset_kernels_find(&kernels, history->kernel_names[i]);
        if (record && count_on_record(loader->selection, record) != counts[i])
            return error_create(ERROR_DATASET, dataset->database.path,
                                "kernel %s has lost some of its definitions" SQL_DAMAGED,
                                history->kernel_names[i]);
    }
    return NULL;
}

/* Names need few of the types, everything nearly all. */
static struct error *open_types(struct loader *loader)
{
    struct type_table *table = &loader->history->types;

    if (loader->selection->names)
        return stored_types_open(loader->database, table, &loader->types);
    loader->types = stored_types_in(loader->database, table);
    return stored_types_load(loader->database, table);
}

static struct error *load(struct dataset *dataset, struct loader *loader)
{
    const struct dataset_selection *selection = loader->selection;

    TRY(copy_names(loader->history, selection));
    TRY(history_images_open(loader->database, selection, loader->history, &loader->images));
    TRY(open_types(loader));
    TRY(wanted_layouts_list(loader->database, selection, &loader->types, &loader->scratch,
                            &loader->wanted));
    TRY(make_condition(loader));
    TRY(list_definitions(loader));
    TRY(read_layouts(loader));
    TRY(fill(loader));
    if (!selection->names)
        TRY(check_counts(dataset, loader));
    if (selection->has_details)
        TRY(history_details_load(&loader->images, &loader->definitions, loader->history));
    return selection->image || !loader->has_modules ? NULL : add_further_images(loader);
}

static struct error *load_selection(struct dataset *dataset,
                                    const struct dataset_selection *selection,
                                    struct history *history)
{
    struct loader loader = {
        .database = &dataset->database, .selection = selection, .history = history};

    if (selection->kernel_count == 0)
        return error_create(ERROR_INTERNAL, dataset->database.path, "no kernel was asked for");
    arena_init(&loader.scratch);
    struct error *error = load(dataset, &loader);
    history_images_close(&loader.images);
    stored_types_close(&loader.types);
    loaded_definitions_deinit(&loader.definitions);
    arena_deinit(&loader.scratch);
    return error;
}

struct error *dataset_load_history(struct dataset *dataset,
                                   const struct dataset_selection *selection,
                                   struct history *history_ret)
{
    struct history history;

    history_init(&history);
    struct error *error = sql_execute(&dataset->database, "BEGIN");
    if (!error)
        error = load_selection(dataset, selection, &history);
    sql_end_reading(&dataset->database);
    if (error) {
        history_deinit(&history);
        return error;
    }
    *history_ret = history;
    return NULL;
}
