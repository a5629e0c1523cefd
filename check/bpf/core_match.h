/* SPDX-License-Identifier: MIT */
/* Finds what a program's path means in a kernel's type. */
#ifndef KSTRUCT_CHECK_BPF_CORE_MATCH_H
#define KSTRUCT_CHECK_BPF_CORE_MATCH_H

#include "check/bpf/core_types.h"

/* The same path from TARGET on, whose name and kind are those of LOCAL's root. *FOUND_RET is
 * complete only where the answer is CORE_YES. */
enum core_answer core_match(const struct core_path *local, struct core_type target,
                            struct core_path *found_ret);

#endif
