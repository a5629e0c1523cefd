/* SPDX-License-Identifier: MIT */
#include "analyze/definition_order.h"

#include <stdlib.h>
#include <string.h>

/* The definitions that typedefs have of enums without another name, sorted. */
struct named_enums {
    size_t count;
    const struct layout **layouts;
};

static const char *first_enumerator(const struct layout *layout)
{
    return layout->enumerators[0].name;
}

static int compare_enums(const void *left, const void *right)
{
    const struct layout *const *a = left;
    const struct layout *const *b = right;

    return strcmp(first_enumerator(*a), first_enumerator(*b));
}

static void collect(struct named_enums *enums, const struct kernel_definition *definition)
{
    if (definition->layout->enumerator_count > 0)
        enums->layouts[enums->count++] = definition->layout;
}

static struct error *find_named_enums(const struct kernel_layouts *layouts,
                                      struct named_enums *enums)
{
    size_t maximum = 1;

    for (size_t i = 0; i < layouts->definition_count; i++)
        maximum += 1 + layouts->definitions[i].further_count;
    enums->layouts = calloc(maximum, sizeof(const struct layout *));
    if (!enums->layouts)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->definition_count; i++) {
        const struct kernel_definitions *entry = &layouts->definitions[i];
        if (entry->kind != DEFINITION_TYPEDEF)
            continue;
        collect(enums, &entry->definition);
        for (size_t j = 0; j < entry->further_count; j++)
            collect(enums, &entry->further[j]);
    }
    qsort(enums->layouts, enums->count, sizeof(const struct layout *), compare_enums);
    return NULL;
}

static bool is_named(const struct named_enums *enums, const struct layout *layout)
{
    size_t low = 0;
    size_t high = enums->count;

    if (layout->enumerator_count == 0)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(first_enumerator(enums->layouts[middle]), first_enumerator(layout)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < enums->count; low++) {
        if (strcmp(first_enumerator(enums->layouts[low]), first_enumerator(layout)) != 0)
            return false;
        if (enums->layouts[low]->byte_size == layout->byte_size &&
            layouts_have_same_enumerators(enums->layouts[low], layout))
            return true;
    }
    return false;
}

/* Leaves those of the name's definitions that a typedef does not name; false if there are none. */
static bool keep_unnamed(struct kernel_definitions *entry, const struct named_enums *enums)
{
    size_t kept = 0;

    for (size_t i = 0; i < entry->further_count; i++) {
        if (!is_named(enums, entry->further[i].layout))
            entry->further[kept++] = entry->further[i];
    }
    entry->further_count = kept;
    if (!is_named(enums, entry->definition.layout))
        return true;
    if (kept == 0)
        return false;
    entry->definition = entry->further[0];
    entry->definition.user_count = 0;
    entry->further++;
    entry->further_count--;
    return true;
}

static void drop_named_enums(struct kernel_layouts *layouts, const struct named_enums *enums)
{
    size_t kept = 0;

    for (size_t i = 0; i < layouts->definition_count; i++) {
        struct kernel_definitions *entry = &layouts->definitions[i];
        if (!layout_is_unnamed_enum(entry->definition.layout) || keep_unnamed(entry, enums))
            layouts->definitions[kept++] = *entry;
    }
    layouts->definition_count = kept;
}

/* Is it one of another name, or the first of its name? */
static struct error *drop_repeated(struct kernel_layouts *layouts)
{
    size_t kept = 0;

    for (size_t i = 0; i < layouts->definition_count; i++) {
        const struct kernel_definitions *entry = &layouts->definitions[i];
        if (kept > 0 && kernel_definitions_compare(&layouts->definitions[kept - 1], entry) == 0)
            TRY(kernel_layouts_pass_over(layouts, definition_kind_texts[entry->kind].singular,
                                         entry->name, "its name is made up, and is there twice"));
        else
            layouts->definitions[kept++] = *entry;
    }
    layouts->definition_count = kept;
    return NULL;
}

struct error *definition_order_make(struct kernel_layouts *layouts)
{
    struct named_enums enums = {0};
    struct error *error = find_named_enums(layouts, &enums);

    if (!error && layouts->definition_count > 0) {
        drop_named_enums(layouts, &enums);
        qsort(layouts->definitions, layouts->definition_count, sizeof(*layouts->definitions),
              kernel_definitions_compare);
        error = drop_repeated(layouts);
    }
    free(enums.layouts);
    return error;
}
