/* SPDX-License-Identifier: MIT */
#include "model/kernel_layouts.h"

#include <stdlib.h>
#include <string.h>

void kernel_layouts_init(struct kernel_layouts *layouts)
{
    *layouts = (struct kernel_layouts){
        .identity = {.release = "",
                     .architecture = "",
                     .build_id = "",
                     .compiler = "",
                     .dwarf_versions = ""},
    };
    arena_init(&layouts->arena);
    type_table_init(&layouts->types);
}

void kernel_layouts_deinit(struct kernel_layouts *layouts)
{
    type_table_deinit(&layouts->types);
    arena_deinit(&layouts->arena);
}

static int compare_name(const void *name, const void *element)
{
    const struct kernel_struct *candidate = element;

    return strcmp(name, candidate->name);
}

const struct kernel_struct *kernel_layouts_find(const struct kernel_layouts *layouts,
                                                const char *name)
{
    if (layouts->struct_count == 0)
        return NULL;
    return bsearch(name, layouts->structs, layouts->struct_count, sizeof(*layouts->structs),
                   compare_name);
}
