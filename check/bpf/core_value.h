/* SPDX-License-Identifier: MIT */
/* The number that a relocation puts into an instruction. */
#ifndef KSTRUCT_CHECK_BPF_CORE_VALUE_H
#define KSTRUCT_CHECK_BPF_CORE_VALUE_H

#include "check/bpf/core_path.h"

struct core_value {
    uint64_t value;
    bool is_unknown; /* the kernel does not say enough for it */
    /* The instruction must not be reached: what it asks for is not there. */
    bool is_poisoned;
    /* How many bytes an instruction loads or stores, where that follows from the type; 0: it does
     * not. Of these the type is TYPE_ID. */
    uint32_t byte_size;
    uint32_t type_id;
};

/* Of what KIND asks for about PATH; NULL: it is not there. IS_BIG_ENDIAN is the kernel's. *WHY_RET
 * says why libbpf refuses, and is NULL where it does not. */
void core_value_compute(const struct core_kind *kind, const struct core_path *path,
                        bool is_big_endian, struct core_value *value_ret, const char **why_ret);

/* May an instruction that loads or stores the local one be made to do so with the kernel's? */
bool core_value_fits(const struct core_path *local, const struct core_value *local_value,
                     const struct core_path *found, const struct core_value *value);

#endif
