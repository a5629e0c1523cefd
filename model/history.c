/* SPDX-License-Identifier: MIT */
#include "model/history.h"

#include <stdlib.h>
#include <string.h>

void history_init(struct history *history)
{
    *history = (struct history){0};
    arena_init(&history->arena);
    type_table_init(&history->types);
}

void history_deinit(struct history *history)
{
    type_table_deinit(&history->types);
    arena_deinit(&history->arena);
}

bool history_modules_have(const struct history_modules *modules, const char *name)
{
    for (size_t i = 0; i < modules->count; i++) {
        if (strcmp(modules->names[i], name) == 0)
            return true;
    }
    return false;
}

const struct layout *history_module_layout(const struct history_definition *entry, size_t kernel,
                                           const char *module)
{
    const struct history_modules first = history_modules_of(entry, kernel);

    if (history_modules_have(&first, module))
        return entry->layouts[kernel];
    for (size_t i = 0; i < entry->further_count; i++) {
        const struct history_further *further = &entry->further[i];
        if (further->kernel == kernel && history_modules_have(&further->modules, module))
            return further->layout;
    }
    return NULL;
}

const struct layout *history_next_layout(struct history_layouts *walk)
{
    const struct history_definition *entry = walk->entry;

    while (walk->next < walk->kernel_count + entry->further_count) {
        size_t i = walk->next++;
        const struct layout *layout = i < walk->kernel_count
                                          ? entry->layouts[i]
                                          : entry->further[i - walk->kernel_count].layout;
        if (!layout || layout == walk->last)
            continue;
        walk->last = layout;
        return layout;
    }
    return NULL;
}

bool history_places_are_equal(const struct history_place *a, const struct history_place *b)
{
    if (!a->file || !b->file)
        return a->file == b->file;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

bool history_modules_are_equal(const struct history_modules *a, const struct history_modules *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->names[i], b->names[i]) != 0)
            return false;
    }
    return true;
}

static bool is_known_here_only(const struct history *history,
                               const struct history_definition *entry, size_t here, size_t there)
{
    return !entry->layouts[there] && history_modules_of(entry, here).count > 0 &&
           history_lacks_modules(history, there);
}

bool history_is_half_known(const struct history *history, const struct history_definition *entry,
                           size_t one, size_t other)
{
    return is_known_here_only(history, entry, one, other) ||
           is_known_here_only(history, entry, other, one);
}

unsigned history_kinds(const struct history *history, size_t kernel)
{
    unsigned kinds = history->kinds ? history->kinds[kernel] : 0;

    for (size_t i = 0; i < history->definition_count && !history->kinds; i++) {
        const struct history_definition *entry = &history->definitions[i];
        if (entry->layouts[kernel])
            kinds |= DEFINITION_KIND_BIT(entry->kind);
    }
    return kinds ? kinds : DEFINITION_KIND_BIT(DEFINITION_STRUCT);
}

static int compare(const void *left, const void *right)
{
    const struct history_definition *a = left;
    const struct history_definition *b = right;

    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

const struct history_definition *history_find(const struct history *history,
                                              enum definition_kind kind, const char *name)
{
    const struct history_definition wanted = {.kind = kind, .name = name};

    if (history->definition_count == 0)
        return NULL;
    return bsearch(&wanted, history->definitions, history->definition_count,
                   sizeof(*history->definitions), compare);
}
