/* SPDX-License-Identifier: MIT */
#include "dataset/history/loaded_definitions.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/sql.h"

enum { FIRST_CAPACITY = 65536 };

void loaded_definitions_deinit(struct loaded_definitions *definitions)
{
    free(definitions->list);
    *definitions = (struct loaded_definitions){0};
}

struct error *loaded_definitions_add(struct loaded_definitions *definitions,
                                     struct loaded_definition definition)
{
    if (definitions->count == definitions->capacity) {
        size_t capacity = definitions->capacity ? definitions->capacity * 2 : FIRST_CAPACITY;
        struct loaded_definition *list = reallocarray(definitions->list, capacity, sizeof(*list));
        if (!list)
            return error_out_of_memory();
        definitions->list = list;
        definitions->capacity = capacity;
    }
    definitions->list[definitions->count++] = definition;
    return NULL;
}

struct error *loaded_definitions_list_layouts(const struct loaded_definitions *definitions,
                                              uint64_t last_id, struct arena *arena,
                                              uint64_t **ids_ret, size_t *count_ret)
{
    size_t count = 0;
    bool *is_named = arena_allocate(arena, last_id + 1, sizeof(*is_named));

    if (!is_named)
        return error_out_of_memory();
    for (size_t i = 0; i < definitions->count; i++) {
        bool *mark = &is_named[definitions->list[i].layout_id];
        count += !*mark;
        *mark = true;
    }
    uint64_t *ids = arena_allocate(arena, count, sizeof(*ids));
    if (!ids)
        return error_out_of_memory();
    *ids_ret = ids;
    *count_ret = count;
    for (uint64_t id = 0; id <= last_id; id++) {
        if (is_named[id])
            *ids++ = id;
    }
    return NULL;
}

static int compare_names(const void *left, const void *right)
{
    const struct layout *one = *(const struct layout *const *)left;
    const struct layout *other = *(const struct layout *const *)right;

    return one->kind != other->kind ? (int)one->kind - (int)other->kind
                                    : strcmp(one->name, other->name);
}

static struct error *append_name(struct history *history, const struct layout *layout)
{
    struct history_definition *entry = &history->definitions[history->definition_count++];

    entry->kind = layout->kind;
    entry->name = layout->name;
    entry->layouts =
        arena_allocate(&history->arena, history->kernel_count, sizeof(*entry->layouts));
    return entry->layouts ? NULL : error_out_of_memory();
}

static struct error *make_names(struct loaded_definitions *definitions, struct arena *scratch,
                                struct history *history)
{
    size_t count = definitions->rows.count;
    const struct layout **sorted = arena_allocate(scratch, count, sizeof(*sorted));

    definitions->name_indexes = arena_allocate(scratch, count, sizeof(*definitions->name_indexes));
    history->definitions = arena_allocate(&history->arena, count, sizeof(*history->definitions));
    if (!sorted || !definitions->name_indexes || !history->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++)
        sorted[i] = &definitions->rows.layouts[i];
    qsort(sorted, count, sizeof(const struct layout *), compare_names);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_names(&sorted[i], &sorted[i - 1]) != 0)
            TRY(append_name(history, sorted[i]));
        definitions->name_indexes[sorted[i] - definitions->rows.layouts] =
            (uint32_t)(history->definition_count - 1);
    }
    return NULL;
}

struct error *loaded_definitions_name(struct loaded_definitions *definitions, const char *path,
                                      struct arena *scratch, struct history *history)
{
    const struct layout_rows *rows = &definitions->rows;

    TRY(make_names(definitions, scratch, history));
    for (size_t i = 0; i < definitions->count; i++) {
        const struct layout *layout = layout_rows_find(rows, definitions->list[i].layout_id);
        if (!layout)
            return error_create(ERROR_DATASET, path, "a layout is missing" SQL_DAMAGED);
        definitions->list[i].row = (uint32_t)(layout - rows->layouts);
    }
    return NULL;
}
