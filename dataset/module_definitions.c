/* SPDX-License-Identifier: MIT */
#include "dataset/module_definitions.h"

#include <stdlib.h>
#include <string.h>

#include "model/layout_set.h"

void module_definitions_deinit(struct module_definitions *definitions)
{
    free(definitions->definitions);
    free(definitions->modules);
    *definitions = (struct module_definitions){0};
}

/* Calls VISIT for each definition of each module, in the modules' order. */
static struct error *visit_all(const struct kernel_layouts *layouts,
                               struct error *(*visit)(void *context, struct module_place place,
                                                      const struct kernel_definition *definition),
                               void *context)
{
    for (size_t i = 0; i < layouts->module_count; i++) {
        const struct kernel_image *module = &layouts->modules[i];
        for (size_t j = 0; j < module->definition_count; j++) {
            const struct kernel_definitions *entry = &module->definitions[j];
            struct module_place place = {.number = (uint32_t)i};
            TRY(visit(context, place, &entry->definition));
            while (place.position < entry->further_count) {
                const struct kernel_definition *further = &entry->further[place.position++];
                TRY(visit(context, place, further));
            }
        }
    }
    return NULL;
}

/* The definitions by the numbers of their layouts. */
struct making {
    struct layout_set layouts;
    struct module_definition *definitions;
    size_t capacity;
    size_t use_count; /* of a definition by a module */
};

static struct error *count_use(void *context, struct module_place place UNUSED,
                               const struct kernel_definition *definition)
{
    struct making *making = context;
    uint32_t number = layout_set_find(&making->layouts, definition->layout);

    if (number == LAYOUT_NOT_FOUND) {
        number = making->layouts.count;
        TRY(layout_set_add(&making->layouts, definition->layout));
        if (number == making->capacity) {
            size_t capacity = making->capacity ? making->capacity * 2 : 16384;
            struct module_definition *definitions =
                reallocarray(making->definitions, capacity, sizeof(*definitions));
            if (!definitions)
                return error_out_of_memory();
            making->definitions = definitions;
            making->capacity = capacity;
        }
        making->definitions[number] = (struct module_definition){.definition = definition};
    }
    making->definitions[number].module_count++;
    making->use_count++;
    return NULL;
}

static struct error *list_use(void *context, struct module_place place,
                              const struct kernel_definition *definition)
{
    struct making *making = context;
    uint32_t number = layout_set_find(&making->layouts, definition->layout);
    struct module_definition *entry = &making->definitions[number];

    entry->modules[entry->module_count++] = place;
    return NULL;
}

/* Gives each definition its part of LIST, which has room for all. */
static void share_out(struct making *making, struct module_place *list)
{
    for (uint32_t i = 0; i < making->layouts.count; i++) {
        struct module_definition *entry = &making->definitions[i];
        entry->modules = list;
        list += entry->module_count;
        entry->module_count = 0;
    }
}

static int compare_names(const struct module_definition *a, const struct module_definition *b)
{
    const struct layout *one = a->definition->layout;
    const struct layout *other = b->definition->layout;

    return one->kind != other->kind ? (int)one->kind - (int)other->kind
                                    : strcmp(one->name, other->name);
}

static int compare(const void *left, const void *right)
{
    const struct module_definition *a = left;
    const struct module_definition *b = right;
    int order = compare_names(a, b);

    if (order != 0)
        return order;
    if (a->module_count != b->module_count)
        return a->module_count > b->module_count ? -1 : 1;
    if (a->modules[0].number != b->modules[0].number)
        return a->modules[0].number < b->modules[0].number ? -1 : 1;
    return a->modules[0].position < b->modules[0].position ? -1 : 1;
}

/* How many definitions of that kind and name vmlinux has. */
static uint32_t count_in_vmlinux(const struct kernel_layouts *layouts, const struct layout *layout)
{
    const struct kernel_definitions *entry =
        kernel_layouts_find(layouts, layout->kind, layout->name);

    return entry ? (uint32_t)(1 + entry->further_count) : 0;
}

static void put_in_order(const struct kernel_layouts *layouts, struct module_definitions *all)
{
    if (all->count > 0)
        qsort(all->definitions, all->count, sizeof(*all->definitions), compare);
    for (size_t i = 0; i < all->count; i++) {
        struct module_definition *entry = &all->definitions[i];
        if (i > 0 && compare_names(entry - 1, entry) == 0)
            entry->ordinal = entry[-1].ordinal + 1;
        else
            entry->ordinal = count_in_vmlinux(layouts, entry->definition->layout);
    }
}

struct error *module_definitions_make(const struct kernel_layouts *layouts,
                                      struct module_definitions *definitions_ret)
{
    struct making making = {0};
    struct module_definitions all = {0};
    struct error *error = visit_all(layouts, count_use, &making);

    if (!error) {
        all = (struct module_definitions){.count = making.layouts.count,
                                          .definitions = making.definitions,
                                          .modules =
                                              calloc(making.use_count + 1, sizeof(*all.modules))};
        error = all.modules ? NULL : error_out_of_memory();
    }
    if (!error) {
        share_out(&making, all.modules);
        error = visit_all(layouts, list_use, &making);
    }
    layout_set_deinit(&making.layouts);
    if (error) {
        free(making.definitions);
        free(all.modules);
        return error;
    }
    put_in_order(layouts, &all);
    *definitions_ret = all;
    return NULL;
}
