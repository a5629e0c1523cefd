/* SPDX-License-Identifier: MIT */
/*
 * The types of a kernel that a program's type may mean: those of its kind whose name is the same as
 * far as it counts. Names are looked up in an index that is made once for each BTF, of the names
 * alone that programs have.
 */
#ifndef KSTRUCT_CHECK_BPF_CORE_CANDIDATES_H
#define KSTRUCT_CHECK_BPF_CORE_CANDIDATES_H

#include "base/hash/string_table.h"
#include "check/bpf/bpf_object.h"
#include "check/bpf/core_types.h"

/* The ids of a BTF's own types that have one of the names. */
struct core_index {
    const struct btf *btf;
    uint32_t *ends; /* by name's number: the end of its ids below; they begin where the last end */
    uint32_t *ids;
};

/* Adds the names of what the object's relocations are about. */
struct error *core_names_add(struct string_table *names,
                             const struct bpf_object *object) MUST_CHECK;

/* Of what BTF has itself, not of what it is on top of. Free with core_index_deinit(). */
struct error *core_index_make(const struct string_table *names, const struct btf *btf,
                              struct core_index *index_ret) MUST_CHECK;
void core_index_deinit(struct core_index *index);

/* The candidates for a program's type, of which libbpf drops those that a relocation did not fit.
 */
struct core_candidates {
    bool is_known; /* looked for already */
    uint32_t count;
    struct core_type *types; /* allocated with malloc() */
};

/* Adds those of the index. NAME is the number of LOCAL's name. */
struct error *core_candidates_add(struct core_candidates *candidates,
                                  const struct core_index *index, uint32_t name,
                                  const struct btf_type *local) MUST_CHECK;

#endif
