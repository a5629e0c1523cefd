/* SPDX-License-Identifier: MIT */
/* Reads one kernel back from the data set. */
#include <stdlib.h>
#include <string.h>

#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/kernel_table.h"
#include "dataset/layout_rows.h"
#include "dataset/stored_types.h"

struct loader {
    const struct sql_database *database;
    uint64_t kernel_id;
    uint64_t struct_count;   /* that the kernel has */
    const char *struct_name; /* NULL: all */
    struct layout_rows rows;
    struct kernel_layouts *layouts;
};

static struct error *load_record(struct loader *loader)
{
    CLEANUP(sql_finalize) sqlite3_stmt *row = NULL;
    struct kernel_record *record = &loader->layouts->identity;
    bool has_row;

    TRY(sql_prepare(loader->database, "SELECT " KERNEL_TABLE_COLUMNS " FROM kernel WHERE id = ?",
                    &row));
    sql_bind_number(row, 1, loader->kernel_id);
    TRY(sql_step(loader->database, row, &has_row));
    TRY(kernel_table_read(loader->database, row, &loader->layouts->arena, record));
    loader->struct_count = record->struct_count;
    return NULL;
}

static struct error *load_users(struct loader *loader, uint64_t layout_id,
                                struct struct_definition *definition)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    uint64_t count = 0;
    bool has_row;

    TRY(sql_prepare(loader->database,
                    "SELECT path, count(*) OVER () FROM further_user JOIN source_file"
                    " ON source_file.id = source_file WHERE kernel = ? AND layout = ?"
                    " ORDER BY ordinal",
                    &statement));
    sql_bind_number(statement, 1, loader->kernel_id);
    sql_bind_number(statement, 2, layout_id);
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row || (definition->user_count > 0 && definition->user_count == count))
            return NULL;
        if (definition->user_count == 0) {
            count = sql_column_number(statement, 1);
            definition->users =
                arena_allocate(&loader->layouts->arena, count, sizeof(*definition->users));
            if (!definition->users)
                return error_out_of_memory();
        }
        TRY(sql_copy_text(statement, 0, &loader->layouts->arena,
                          &definition->users[definition->user_count]));
        definition->user_count++;
    }
}

/* Columns: layout, ordinal, line, path. */
static struct error *read_definition(struct loader *loader, sqlite3_stmt *row,
                                     struct struct_definition *definition)
{
    uint64_t layout_id = sql_column_number(row, 0);

    definition->layout = layout_rows_find(&loader->rows, layout_id);
    if (!definition->layout)
        return error_create(ERROR_DATASET, loader->database->path,
                            "a layout is missing" SQL_DAMAGED);
    definition->declaration_line = (uint32_t)sql_column_number(row, 2);
    TRY(sql_copy_text(row, 3, &loader->layouts->arena, &definition->declaration_file));
    if (sql_column_number(row, 1) > 0)
        TRY(load_users(loader, layout_id, definition));
    return NULL;
}

/* Adds a row's definition to the struct it is the first of, or a further one of. Rows come by name,
 * then ordinal. */
static struct error *add_definition(struct loader *loader, sqlite3_stmt *row)
{
    struct kernel_layouts *layouts = loader->layouts;
    struct struct_definition definition = {0};

    TRY(read_definition(loader, row, &definition));
    if (sql_column_number(row, 1) == 0) {
        if (layouts->struct_count == loader->rows.count)
            return error_create(ERROR_DATASET, loader->database->path,
                                "has more structs than layouts" SQL_DAMAGED);
        layouts->structs[layouts->struct_count++] =
            (struct kernel_struct){.name = definition.layout->name, .definition = definition};
        return NULL;
    }
    if (layouts->struct_count == 0)
        return error_create(ERROR_DATASET, loader->database->path,
                            "a struct has no first definition" SQL_DAMAGED);
    struct kernel_struct *entry = &layouts->structs[layouts->struct_count - 1];
    struct struct_definition *further =
        arena_append(&layouts->arena, entry->further, entry->further_count, sizeof(*further));
    if (!further)
        return error_out_of_memory();
    further[entry->further_count++] = definition;
    entry->further = further;
    return NULL;
}

#define IDS_OF_KERNEL "SELECT layout FROM definition WHERE kernel = ?1 ORDER BY layout"
#define IDS_OF_STRUCT                                                                              \
    "SELECT layout FROM definition JOIN layout ON layout.id = definition.layout"                   \
    " WHERE kernel = ?1 AND layout.name = ?2 ORDER BY layout"

/* How many definitions the kernel has. */
static struct error *count_definitions(struct loader *loader, uint64_t *count_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(loader->database, "SELECT count(*) FROM definition WHERE kernel = ?",
                    &statement));
    sql_bind_number(statement, 1, loader->kernel_id);
    TRY(sql_step(loader->database, statement, &has_row));
    *count_ret = sql_column_number(statement, 0);
    return NULL;
}

/* Puts the ids of the layouts to be loaded into IDS, which has room for all of the kernel's. */
static struct error *list_ids(struct loader *loader, uint64_t *ids, size_t *count)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(loader->database, loader->struct_name ? IDS_OF_STRUCT : IDS_OF_KERNEL,
                    &statement));
    sql_bind_number(statement, 1, loader->kernel_id);
    if (loader->struct_name)
        sql_bind_text(statement, 2, loader->struct_name);
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        ids[(*count)++] = sql_column_number(statement, 0);
    }
}

static struct error *read_layouts(struct loader *loader)
{
    struct kernel_layouts *layouts = loader->layouts;
    uint64_t definition_count;
    size_t id_count = 0;

    TRY(count_definitions(loader, &definition_count));
    uint64_t *ids = arena_allocate(&layouts->arena, definition_count, sizeof(*ids));
    if (!ids)
        return error_out_of_memory();
    TRY(list_ids(loader, ids, &id_count));
    return layout_rows_read(loader->database, ids, id_count, &layouts->types, &layouts->arena,
                            &loader->rows);
}

static struct error *load_structs(struct loader *loader)
{
    struct kernel_layouts *layouts = loader->layouts;
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(stored_types_load(loader->database, &layouts->types));
    TRY(read_layouts(loader));
    layouts->structs =
        arena_allocate(&layouts->arena, loader->rows.count, sizeof(*layouts->structs));
    if (!layouts->structs)
        return error_out_of_memory();
    TRY(sql_prepare(loader->database,
                    "SELECT layout, ordinal, line, path FROM definition"
                    " JOIN layout ON layout.id = layout"
                    " LEFT JOIN source_file ON source_file.id = source_file"
                    " WHERE kernel = ?1 AND (?2 IS NULL OR layout.name = ?2)"
                    " ORDER BY layout.name, ordinal",
                    &statement));
    sql_bind_number(statement, 1, loader->kernel_id);
    sql_bind_text(statement, 2, loader->struct_name);
    for (;;) {
        TRY(sql_step(loader->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(add_definition(loader, statement));
    }
}

static struct error *load(struct dataset *dataset, const char *kernel_name, struct loader *loader)
{
    TRY(dataset_find_kernel(dataset, kernel_name, &loader->kernel_id));
    if (loader->kernel_id == 0)
        return error_create(ERROR_NOT_FOUND, dataset->database.path,
                            "has no kernel %s; `kstruct status` lists those it has", kernel_name);
    TRY(load_record(loader));
    TRY(load_structs(loader));
    if (!loader->struct_name && loader->layouts->struct_count != loader->struct_count)
        return error_create(ERROR_DATASET, dataset->database.path,
                            "kernel %s has lost some of its structs" SQL_DAMAGED, kernel_name);
    return NULL;
}

struct error *dataset_load(struct dataset *dataset, const char *kernel_name,
                           const char *struct_name, struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    struct loader loader = {
        .database = &dataset->database, .struct_name = struct_name, .layouts = &layouts};

    kernel_layouts_init(&layouts);
    struct error *error = sql_execute(&dataset->database, "BEGIN");
    if (!error)
        error = load(dataset, kernel_name, &loader);
    sql_end_reading(&dataset->database);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
