/* SPDX-License-Identifier: MIT */
/* Whether a program's type and a kernel's are the same to CO-RE, by the three rules that libbpf
 * has. Names of the types themselves were compared before, where not said otherwise. */
#ifndef KSTRUCT_CHECK_BPF_CORE_TYPES_H
#define KSTRUCT_CHECK_BPF_CORE_TYPES_H

#include "check/bpf/core_path.h"

/* A type of a BTF. */
struct core_type {
    const struct btf *btf;
    uint32_t id;
};

/* Is it what stands for a typedef that is not known? A member never is void. */
static inline bool core_type_is_unknown(const struct btf_type *type)
{
    return btf_kind(type) == BTF_KIND_UNKN;
}

/* Are they of one kind? All enums are. */
bool core_kinds_are_equal(const struct btf_type *local, const struct btf_type *target);

/* For a field: any two structs, pointers, or integers without regard to size and sign; enums of one
 * name; arrays by their elements. CORE_UNKNOWN if the target's is. */
enum core_answer core_fields_are_compatible(struct core_type local, struct core_type target);

/* For type_exists, type_size, target_type_id: the kinds, also of what pointers, arrays and
 * functions refer to. */
enum core_answer core_types_are_compatible(struct core_type local, struct core_type target);

/* For type_matches: all members and enumerators of the local one are in the target, and match. */
enum core_answer core_types_match(struct core_type local, struct core_type target);

#endif
