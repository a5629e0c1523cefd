/* SPDX-License-Identifier: MIT */
#include "model/kernel_merge.h"

#include <stdlib.h>
#include <string.h>

#include "model/type_translation.h"

/* Makes the types of a layout those of the translation's target. */
static struct error *adopt_layout(struct type_translation *translation, struct arena *arena,
                                  const struct layout **layout)
{
    struct layout *copy = arena_allocate(arena, 1, sizeof(*copy));
    struct layout_member *members =
        arena_allocate(arena, (*layout)->member_count, sizeof(*members));

    if (!copy || !members)
        return error_out_of_memory();
    *copy = **layout;
    for (uint32_t i = 0; i < copy->member_count; i++) {
        members[i] = copy->members[i];
        TRY(type_translate(translation, members[i].type, &members[i].type));
    }
    copy->members = members;
    if (copy->type)
        TRY(type_translate(translation, copy->type, &copy->type));
    *layout = copy;
    return NULL;
}

static struct error *adopt(struct type_translation *translation, struct arena *arena,
                           struct kernel_definitions *entry)
{
    TRY(adopt_layout(translation, arena, &entry->definition.layout));
    for (size_t i = 0; i < entry->further_count; i++)
        TRY(adopt_layout(translation, arena, &entry->further[i].layout));
    return NULL;
}

static struct error *merge(struct kernel_layouts *into, const struct kernel_layouts *from,
                           struct type_translation *translation)
{
    size_t count = into->definition_count;
    struct kernel_definitions *all =
        arena_allocate(&into->arena, count + from->definition_count, sizeof(*all));

    if (!all)
        return error_out_of_memory();
    if (count > 0)
        memcpy(all, into->definitions, count * sizeof(*all));
    for (size_t i = 0; i < from->definition_count; i++) {
        struct kernel_definitions *entry = &from->definitions[i];
        if (kernel_layouts_find(into, entry->kind, entry->name))
            continue;
        TRY(adopt(translation, &into->arena, entry));
        all[count++] = *entry;
    }
    if (count > 0)
        qsort(all, count, sizeof(*all), kernel_definitions_compare);
    into->definitions = all;
    into->definition_count = count;
    return NULL;
}

struct error *kernel_merge(struct kernel_layouts *into, struct kernel_layouts *from)
{
    struct type_translation translation;

    type_translation_init(&translation, &into->types);
    struct error *error = merge(into, from, &translation);
    type_translation_deinit(&translation);
    arena_absorb(&into->arena, &from->arena);
    from->definitions = NULL;
    from->definition_count = 0;
    return error;
}
