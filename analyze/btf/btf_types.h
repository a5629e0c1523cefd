/* SPDX-License-Identifier: MIT */
/* The types of a BTF as the model has them. */
#ifndef KSTRUCT_ANALYZE_BTF_BTF_TYPES_H
#define KSTRUCT_ANALYZE_BTF_BTF_TYPES_H

#include "analyze/layout_budget.h"
#include "base/btf/btf_file.h"
#include "model/type.h"

struct btf_types {
    const struct btf *btf;
    struct type_table *table;
    const struct type **known; /* by id; NULL: not needed so far */
    struct layout_budget budget;
};

struct error *btf_types_init(struct btf_types *types, const struct btf *btf,
                             struct type_table *table) MUST_CHECK;
void btf_types_deinit(struct btf_types *types);

/* The type of that id. ERROR_CORRUPT if it refers to itself on the way to its end. */
struct error *btf_types_get(struct btf_types *types, uint32_t id,
                            const struct type **type_ret) MUST_CHECK;

/* The bytes of a value of it; 0 where they are not known, and for a flexible array. */
uint64_t btf_types_byte_size(const struct btf_types *types, uint32_t id);

#endif
