/* SPDX-License-Identifier: MIT */
/* A kernel's types as a BPF program's loader sees them: vmlinux's BTF, and those of modules, each
 * made when something of it is looked for. */
#ifndef KSTRUCT_RUN_CHECKING_KERNEL_TYPES_H
#define KSTRUCT_RUN_CHECKING_KERNEL_TYPES_H

#include "check/bpf/core_resolve.h"
#include "export/btf/kernel_btf.h"

struct module_types;

struct kernel_types {
    struct btf_target target;
    const struct string_table *names; /* that programs have */
    struct kernel_btf vmlinux;
    struct core_kernel kernel;
    size_t module_count;
    struct module_types **modules; /* in the order in which they were needed */
    const struct core_index **found;
    size_t found_capacity;
};

/* Of a kernel of TARGET's history. KERNEL refers to TYPES, which must not move. Free with
 * kernel_types_deinit(), also after a failure. */
struct error *kernel_types_make(const struct btf_target *target, const struct string_table *names,
                                struct kernel_types *types) MUST_CHECK;
void kernel_types_deinit(struct kernel_types *types);

#endif
