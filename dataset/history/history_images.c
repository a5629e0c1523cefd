/* SPDX-License-Identifier: MIT */
#include "dataset/history/history_images.h"

#include <string.h>

#include "base/buffer.h"

/* More than any data set has, by far; what is above can only be damage. */
enum { IMAGE_ID_MAXIMUM = 1000 * 1000 * 1000, QUERY_MAXIMUM = 64 * 1024 };

enum image_state { IMAGE_UNKNOWN, IMAGE_ELSEWHERE, IMAGE_HERE };

static struct error *damaged(const struct history_images *images, const char *what)
{
    return error_create(ERROR_DATASET, images->database->path, "%s" SQL_DAMAGED, what);
}

#define COUNT_COLUMN(kind, word, ...) ", " word "_count"

/* Columns: modules, and the count of each kind. */
static unsigned read_kinds(sqlite3_stmt *row)
{
    unsigned kinds = 0;

    for (unsigned i = 0; i < DEFINITION_KIND_COUNT; i++)
        kinds |= sql_column_number(row, (int)i + 1) > 0 ? DEFINITION_KIND_BIT(i) : 0;
    return kinds;
}

/* Fills in what is known of the history's kernels, and gives them numbers. What kinds a kernel has,
 * some of its definitions do not tell. */
static struct error *read_kernels(struct history_images *images, struct history *history)
{
    CLEANUP(sql_release) sqlite3_stmt *statement = NULL;
    bool has_row;
    uint32_t number;

    if (images->selection->names) {
        history->kinds =
            arena_allocate(images->arena, history->kernel_count, sizeof(*history->kinds));
        if (!history->kinds)
            return error_out_of_memory();
    }
    TRY(sql_prepare_kept(
        images->database,
        "SELECT modules" DEFINITION_KINDS(COUNT_COLUMN) " FROM kernel WHERE name = ?", &statement));
    for (size_t i = 0; i < history->kernel_count; i++) {
        const char *name = history->kernel_names[i];
        sqlite3_reset(statement);
        sql_bind_text(statement, 1, name);
        TRY(sql_step(images->database, statement, &has_row));
        if (!has_row)
            return error_create(ERROR_NOT_FOUND, images->database->path,
                                "has no kernel %s; `kstruct status` lists those it has", name);
        history->lacks_modules[i] = sql_column_number(statement, 0) != MODULES_READ;
        if (history->kinds)
            history->kinds[i] = read_kinds(statement);
        TRY(string_table_intern(&images->kernels, name, strlen(name), &number));
        if (number != i)
            return error_create(ERROR_INTERNAL, images->database->path,
                                "kernel %s was asked for twice", name);
    }
    return NULL;
}

static struct error *allocate(struct history_images *images)
{
    uint64_t last_id;

    TRY(sql_query_number_kept(images->database, "SELECT coalesce(max(id), 0) FROM image",
                              &last_id));
    if (last_id > IMAGE_ID_MAXIMUM)
        return damaged(images, "an image has an impossible number");
    images->count = last_id + 1;
    images->states = arena_allocate(images->arena, images->count, sizeof(*images->states));
    images->found = arena_allocate(images->arena, images->count, sizeof(*images->found));
    return images->states && images->found ? NULL : error_out_of_memory();
}

struct error *history_images_open(const struct sql_database *database,
                                  const struct dataset_selection *selection,
                                  struct history *history, struct history_images *images)
{
    *images = (struct history_images){
        .database = database, .selection = selection, .arena = &history->arena};
    string_table_init(&images->kernels);
    TRY(read_kernels(images, history));
    TRY(allocate(images));
    return sql_prepare_kept(database,
                            "SELECT image.name, kernel.name FROM image"
                            " JOIN kernel ON kernel.id = image.kernel WHERE image.id = ?",
                            &images->one);
}

void history_images_close(struct history_images *images)
{
    sql_release(&images->one);
    string_table_deinit(&images->kernels);
}

static bool is_wanted(const struct history_images *images, const char *image_name)
{
    const char *wanted = images->selection->image;

    return !wanted || !image_is_module(image_name) || strcmp(image_name, wanted) == 0;
}

static struct error *look_up(struct history_images *images, uint64_t id)
{
    bool has_row;

    images->states[id] = IMAGE_ELSEWHERE;
    sqlite3_reset(images->one);
    sql_bind_number(images->one, 1, id);
    TRY(sql_step(images->database, images->one, &has_row));
    if (!has_row)
        return NULL;
    const char *name = sql_column_text(images->one, 0);
    const char *kernel_name = sql_column_text(images->one, 1);
    uint32_t kernel = string_table_find(&images->kernels, kernel_name, strlen(kernel_name));
    if (kernel == STRING_NOT_FOUND || !is_wanted(images, name))
        return NULL;
    images->states[id] = IMAGE_HERE;
    images->found[id].kernel = kernel;
    return image_is_module(name)
               ? sql_copy_text(images->one, 0, images->arena, &images->found[id].module_name)
               : NULL;
}

struct error *history_images_find(struct history_images *images, uint64_t id,
                                  const struct history_image **image_ret)
{
    if (id >= images->count)
        return damaged(images, "a definition is of no image");
    if (images->states[id] == IMAGE_UNKNOWN)
        TRY(look_up(images, id));
    *image_ret = images->states[id] == IMAGE_HERE ? &images->found[id] : NULL;
    return NULL;
}

struct error *history_images_prepare(const struct history_images *images, const char *select,
                                     const char *order, sqlite3_stmt **statement_ret)
{
    CLEANUP(buffer_deinit) struct buffer query;

    buffer_init(&query, QUERY_MAXIMUM);
    buffer_append_format(&query, "%s WHERE %s%s", select, images->condition, order);
    TRY(buffer_check(&query, "a query"));
    TRY(sql_prepare_kept(images->database, buffer_text(&query), statement_ret));
    if (images->ids)
        sql_bind_text(*statement_ret, 1, images->ids);
    return NULL;
}
