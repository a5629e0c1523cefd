/* SPDX-License-Identifier: MIT */
#include "run/checking/kernel_types.h"

#include <stdlib.h>
#include <string.h>

struct module_types {
    const char *name;
    struct kernel_btf btf;
    struct core_index index;
};

static void module_types_destroy(struct module_types *module)
{
    core_index_deinit(&module->index);
    kernel_btf_deinit(&module->btf);
    free(module);
}

static struct module_types *find_module(const struct kernel_types *types, const char *name)
{
    for (size_t i = 0; i < types->module_count; i++) {
        if (strcmp(types->modules[i]->name, name) == 0)
            return types->modules[i];
    }
    return NULL;
}

static struct error *fill_module(const struct kernel_types *types, struct module_types *module)
{
    TRY(kernel_btf_make_module(&types->target, module->name, &types->vmlinux, &module->btf));
    return core_index_make(types->names, module->btf.btf, &module->index);
}

static struct error *load_module(struct kernel_types *types, const char *name,
                                 const struct module_types **module_ret)
{
    struct module_types *module = find_module(types, name);

    *module_ret = module;
    if (module)
        return NULL;
    struct module_types **modules =
        reallocarray(types->modules, types->module_count + 1, sizeof(struct module_types *));
    if (!modules)
        return error_out_of_memory();
    types->modules = modules;
    module = calloc(1, sizeof(*module));
    if (!module)
        return error_out_of_memory();
    module->name = name;
    struct error *error = fill_module(types, module);
    if (error) {
        module_types_destroy(module);
        return error;
    }
    types->modules[types->module_count++] = module;
    *module_ret = module;
    return NULL;
}

/* Adds the first of the modules, which have one layout. */
static struct error *add(struct kernel_types *types, const struct history_modules *modules,
                         size_t *count)
{
    const struct module_types *module;

    if (modules->count == 0)
        return NULL;
    TRY(load_module(types, modules->names[0], &module));
    for (size_t i = 0; i < *count; i++) {
        if (types->found[i] == &module->index)
            return NULL;
    }
    if (*count == types->found_capacity) {
        size_t capacity = types->found_capacity ? types->found_capacity * 2 : 16;
        const struct core_index **found =
            reallocarray(types->found, capacity, sizeof(const struct core_index *));
        if (!found)
            return error_out_of_memory();
        types->found = found;
        types->found_capacity = capacity;
    }
    types->found[(*count)++] = &module->index;
    return NULL;
}

static struct error *find_modules(void *context, const char *name, size_t name_length UNUSED,
                                  const struct core_index *const **list_ret, size_t *count_ret)
{
    struct kernel_types *types = context;
    size_t kernel = types->target.kernel;

    *count_ret = 0;
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const struct history_definition *entry = history_find(types->target.history, kind, name);
        if (!entry)
            continue;
        const struct history_modules modules = history_modules_of(entry, kernel);
        TRY(add(types, &modules, count_ret));
        for (size_t i = 0; i < entry->further_count; i++) {
            if (entry->further[i].kernel == kernel)
                TRY(add(types, &entry->further[i].modules, count_ret));
        }
    }
    *list_ret = types->found;
    return NULL;
}

struct error *kernel_types_make(const struct btf_target *target, const struct string_table *names,
                                struct kernel_types *types)
{
    *types = (struct kernel_types){
        .target = *target,
        .names = names,
        .kernel = {.is_big_endian = target->is_big_endian,
                   .find_modules = find_modules,
                   .context = types},
    };
    TRY(kernel_btf_make(target, &types->vmlinux));
    return core_index_make(names, types->vmlinux.btf, &types->kernel.vmlinux);
}

void kernel_types_deinit(struct kernel_types *types)
{
    for (size_t i = 0; i < types->module_count; i++)
        module_types_destroy(types->modules[i]);
    free(types->modules);
    free(types->found);
    core_index_deinit(&types->kernel.vmlinux);
    kernel_btf_deinit(&types->vmlinux);
}
