/* SPDX-License-Identifier: MIT */
/* What the modules of a kernel define, each distinct definition once, with the modules that have
 * it.
 */
#ifndef KSTRUCT_DATASET_MODULE_DEFINITIONS_H
#define KSTRUCT_DATASET_MODULE_DEFINITIONS_H

#include "base/error.h"
#include "model/kernel_layouts.h"

/* That a module has a definition. */
struct module_place {
    uint32_t number; /* of the module, in the kernel */
    uint32_t
        position; /* among the module's own of that kind and name; 0: what the name means there */
};

struct module_definition {
    const struct kernel_definition *definition; /* as the first of the modules has it */
    uint32_t ordinal;      /* among those of its kind and name in the kernel, after vmlinux's */
    uint32_t module_count; /* at least 1 */
    struct module_place *modules; /* by number */
};

/* Begins as zeros. */
struct module_definitions {
    size_t count;
    struct module_definition *definitions; /* by kind and name; those of most modules first */
    struct module_place *modules;          /* all lists, one after the other */
};

struct error *module_definitions_make(const struct kernel_layouts *layouts,
                                      struct module_definitions *definitions_ret) MUST_CHECK;
void module_definitions_deinit(struct module_definitions *definitions);

#endif
