/* SPDX-License-Identifier: MIT */
/* A definition of a BTF as a layout. */
#ifndef KSTRUCT_ANALYZE_BTF_BTF_LAYOUT_H
#define KSTRUCT_ANALYZE_BTF_BTF_LAYOUT_H

#include "analyze/btf/btf_types.h"
#include "base/arena.h"
#include "model/layout.h"

/* Does the type define something that a layout can be of? Then *KIND_RET is what. An enum without a
 * name does unless it has no enumerators. */
bool btf_layout_kind(const struct btf *btf, const struct btf_type *type,
                     enum definition_kind *kind_ret);

/* Makes it with its digest, from ARENA. */
struct error *btf_layout_make(struct btf_types *types, uint32_t id, enum definition_kind kind,
                              struct arena *arena, struct layout **layout_ret) MUST_CHECK;

#endif
