/* SPDX-License-Identifier: MIT */
/*
 * A kernel's definitions as BTF (kernel, Documentation/bpf/btf.rst), as `pahole --btf_encode`
 * makes it of the same debug information, without functions and variables: vmlinux's, and on top
 * of it a module's, as split BTF.
 *
 * As there, the dimensions of an array are multiplied into one, and _Atomic is left out. What a
 * kernel does not tell is guessed: a base type's encoding by its name, an unknown enum's size as 4
 * bytes, the size of what only a pointer leads to from its members. What an enum without a name
 * has, that no typedef names, is not known: it gets one enumerator, since no compiler takes an
 * empty enum.
 */
#ifndef KSTRUCT_EXPORT_BTF_KERNEL_BTF_H
#define KSTRUCT_EXPORT_BTF_KERNEL_BTF_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "export/btf/btf_target.h"

struct kernel_btf {
    struct btf *btf;
    uint32_t *type_ids;       /* by the number of a type of the history; 0: it has none */
    uint32_t *definition_ids; /* by definition of the history: what its name means; 0: nothing */
};

/* Free with kernel_btf_deinit(). ERROR_LIMIT if something is too large for BTF. */
struct error *kernel_btf_make(const struct btf_target *target,
                              struct kernel_btf *vmlinux_ret) MUST_CHECK;

/* What MODULE has besides VMLINUX, which must live as long. */
struct error *kernel_btf_make_module(const struct btf_target *target, const char *module,
                                     const struct kernel_btf *vmlinux,
                                     struct kernel_btf *module_ret) MUST_CHECK;

void kernel_btf_deinit(struct kernel_btf *btf);

#endif
