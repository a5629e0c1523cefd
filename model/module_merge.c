/* SPDX-License-Identifier: MIT */
#include "model/module_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/type_translation.h"

void module_merge_begin(struct module_merge *merge, struct kernel_layouts *kernel)
{
    *merge = (struct module_merge){.kernel = kernel};
    string_table_init(&merge->texts);
}

void module_merge_deinit(struct module_merge *merge)
{
    layout_set_deinit(&merge->layouts);
    free(merge->modules);
    string_table_deinit(&merge->texts);
}

/* One module on its way. */
struct addition {
    struct module_merge *merge;
    struct type_translation translation;
};

static struct error *copy_text(struct addition *addition, const char *text, const char **text_ret)
{
    struct string_table *texts = &addition->merge->texts;
    uint32_t number;

    TRY(string_table_intern(texts, text, strlen(text), &number));
    *text_ret = texts->texts[number];
    return NULL;
}

static struct error *copy_members(struct addition *addition, struct layout *layout)
{
    struct layout_member *members =
        arena_allocate(&addition->merge->kernel->arena, layout->member_count, sizeof(*members));

    if (!members)
        return error_out_of_memory();
    for (uint32_t i = 0; i < layout->member_count; i++) {
        members[i] = layout->members[i];
        TRY(copy_text(addition, members[i].name, &members[i].name));
        TRY(type_translate(&addition->translation, members[i].type, &members[i].type));
    }
    layout->members = members;
    return NULL;
}

static struct error *copy_enumerators(struct addition *addition, struct layout *layout)
{
    struct enumerator *enumerators = arena_allocate(&addition->merge->kernel->arena,
                                                    layout->enumerator_count, sizeof(*enumerators));

    if (!enumerators)
        return error_out_of_memory();
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        enumerators[i] = layout->enumerators[i];
        TRY(copy_text(addition, enumerators[i].name, &enumerators[i].name));
    }
    layout->enumerators = enumerators;
    return NULL;
}

static struct error *copy_layout(struct addition *addition, const struct layout *layout,
                                 const struct layout **layout_ret)
{
    struct layout *copy = arena_allocate(&addition->merge->kernel->arena, 1, sizeof(*copy));

    if (!copy)
        return error_out_of_memory();
    *copy = *layout;
    TRY(copy_text(addition, copy->name, &copy->name));
    TRY(copy_members(addition, copy));
    TRY(copy_enumerators(addition, copy));
    if (copy->type)
        TRY(type_translate(&addition->translation, copy->type, &copy->type));
    if (copy->encoding)
        TRY(copy_text(addition, copy->encoding, &copy->encoding));
    *layout_ret = copy;
    return NULL;
}

/* The kernel's own object for that layout. */
static struct error *share_layout(struct addition *addition, const struct layout *layout,
                                  const struct layout **layout_ret)
{
    struct layout_set *layouts = &addition->merge->layouts;
    uint32_t number = layout_set_find(layouts, layout);
    const struct layout *copy = NULL;

    if (number == LAYOUT_NOT_FOUND) {
        TRY(copy_layout(addition, layout, &copy));
        number = layouts->count;
        TRY(layout_set_add(layouts, copy));
    }
    *layout_ret = layouts->layouts[number];
    return NULL;
}

/* Is it what the name means in vmlinux? */
static bool is_vmlinuxs(const struct kernel_definitions *entry, const struct layout *layout)
{
    return entry && layouts_are_equal(entry->definition.layout, layout);
}

static struct error *copy_definition(struct addition *addition,
                                     const struct kernel_definition *from,
                                     struct kernel_definition *definition)
{
    struct arena *arena = &addition->merge->kernel->arena;

    *definition = *from;
    TRY(share_layout(addition, from->layout, &definition->layout));
    TRY(copy_text(addition, from->declaration_file, &definition->declaration_file));
    definition->users = arena_allocate(arena, from->user_count, sizeof(*definition->users));
    if (!definition->users)
        return error_out_of_memory();
    for (size_t i = 0; i < from->user_count; i++)
        TRY(copy_text(addition, from->users[i], &definition->users[i]));
    return NULL;
}

/* Adds what vmlinux does not have of a name; ENTRY's definition has no layout if that is nothing.
 */
static struct error *copy_entry(struct addition *addition, const struct kernel_definitions *from,
                                struct kernel_definitions *entry)
{
    struct kernel_layouts *kernel = addition->merge->kernel;
    const struct kernel_definitions *there = kernel_layouts_find(kernel, from->kind, from->name);

    *entry = (struct kernel_definitions){.kind = from->kind};
    TRY(copy_text(addition, from->name, &entry->name));
    if (!is_vmlinuxs(there, from->definition.layout))
        TRY(copy_definition(addition, &from->definition, &entry->definition));
    entry->further = arena_allocate(&kernel->arena, from->further_count, sizeof(*entry->further));
    if (!entry->further)
        return error_out_of_memory();
    for (size_t i = 0; i < from->further_count; i++) {
        if (is_vmlinuxs(there, from->further[i].layout))
            continue;
        struct kernel_definition *definition =
            entry->definition.layout ? &entry->further[entry->further_count++] : &entry->definition;
        TRY(copy_definition(addition, &from->further[i], definition));
    }
    /* The users of a name's first definition are not listed. */
    entry->definition.user_count = 0;
    return NULL;
}

static struct error *copy_definitions(struct addition *addition, const struct kernel_image *from,
                                      struct kernel_image *module)
{
    struct arena *arena = &addition->merge->kernel->arena;

    module->definitions =
        arena_allocate(arena, from->definition_count, sizeof(*module->definitions));
    if (!module->definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < from->definition_count; i++) {
        struct kernel_definitions *entry = &module->definitions[module->definition_count];
        TRY(copy_entry(addition, &from->definitions[i], entry));
        if (entry->definition.layout)
            module->definition_count++;
    }
    return NULL;
}

static struct error *pass_over_all(struct kernel_layouts *kernel, const char *module_name,
                                   const struct kernel_layouts *from)
{
    size_t listed = from->passed_over_count < PASSED_OVER_LISTED_MAXIMUM
                        ? from->passed_over_count
                        : PASSED_OVER_LISTED_MAXIMUM;

    for (size_t i = 0; i < listed; i++) {
        char reason[2 * PASSED_OVER_TEXT_MAXIMUM + 1];
        snprintf(reason, sizeof(reason), "in module %s: %s", module_name,
                 from->passed_over[i].reason);
        TRY(kernel_layouts_pass_over(kernel, "", from->passed_over[i].name, reason));
    }
    kernel->passed_over_count += from->passed_over_count - listed;
    return NULL;
}

static struct error *add_module(struct addition *addition, const char *name,
                                const struct kernel_image *from)
{
    struct module_merge *merge = addition->merge;

    if (merge->module_count == merge->module_capacity) {
        size_t capacity = merge->module_capacity ? merge->module_capacity * 2 : 1024;
        struct kernel_image *modules = reallocarray(merge->modules, capacity, sizeof(*modules));
        if (!modules)
            return error_out_of_memory();
        merge->modules = modules;
        merge->module_capacity = capacity;
    }
    struct kernel_image *module = &merge->modules[merge->module_count];
    *module = (struct kernel_image){0};
    TRY(copy_text(addition, name, &module->name));
    TRY(copy_text(addition, from->build_id, &module->build_id));
    TRY(copy_text(addition, from->source_version, &module->source_version));
    TRY(copy_definitions(addition, from, module));
    merge->module_count++;
    return NULL;
}

struct error *module_merge_add(struct module_merge *merge, const char *name,
                               const struct kernel_layouts *from)
{
    struct addition addition = {.merge = merge};

    type_translation_init(&addition.translation, &merge->kernel->types);
    struct error *error = pass_over_all(merge->kernel, name, from);
    for (size_t i = 0; i < from->module_count && !error; i++)
        error = add_module(&addition, name, &from->modules[i]);
    type_translation_deinit(&addition.translation);
    return error;
}

static int compare_modules(const void *left, const void *right)
{
    const struct kernel_image *a = left;
    const struct kernel_image *b = right;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : strcmp(a->build_id, b->build_id);
}

struct error *module_merge_finish(struct module_merge *merge)
{
    struct kernel_layouts *kernel = merge->kernel;

    kernel->modules = arena_allocate(&kernel->arena, merge->module_count, sizeof(*kernel->modules));
    if (!kernel->modules)
        return error_out_of_memory();
    if (merge->module_count > 0)
        qsort(merge->modules, merge->module_count, sizeof(*merge->modules), compare_modules);
    for (size_t i = 0; i < merge->module_count; i++) {
        const struct kernel_image *module = &merge->modules[i];
        if (i > 0 && strcmp(module[-1].name, module->name) == 0)
            TRY(kernel_layouts_pass_over(kernel, "module", module->name,
                                         "the package has two modules of that name"));
        else
            kernel->modules[kernel->module_count++] = *module;
    }
    arena_absorb(&kernel->arena, &merge->texts.arena);
    return NULL;
}
