/* SPDX-License-Identifier: MIT */
/*
 * Modules, read one by one, become part of their kernel: what vmlinux has too is left out, and
 * layouts that several have are kept once. The order of types depends on that in which modules are
 * added, and nothing else.
 */
#ifndef KSTRUCT_MODEL_MODULE_MERGE_H
#define KSTRUCT_MODEL_MODULE_MERGE_H

#include "base/error.h"
#include "base/hash/string_table.h"
#include "model/kernel_layouts.h"
#include "model/layout_set.h"

struct module_merge {
    struct kernel_layouts *kernel;
    struct layout_set layouts; /* of all modules */
    struct string_table texts;
    struct kernel_image *modules;
    size_t module_count;
    size_t module_capacity;
};

/* KERNEL has its vmlinux's definitions, with digests, and no modules. */
void module_merge_begin(struct module_merge *merge, struct kernel_layouts *kernel);

/* Adds what analyze_module() read as module NAME, and passes over what that passed over. FROM is
 * the caller's still, and needed no longer. */
struct error *module_merge_add(struct module_merge *merge, const char *name,
                               const struct kernel_layouts *from) MUST_CHECK;

/* Gives the kernel its modules. Of two with one name that of the higher build-id is passed over. */
struct error *module_merge_finish(struct module_merge *merge) MUST_CHECK;

void module_merge_deinit(struct module_merge *merge);

#endif
