/* SPDX-License-Identifier: MIT */
/*
 * Which instructions of a program can be reached in a kernel: the kernel's verifier does not follow
 * a branch whose condition it knows, and so does not see what a check for a field's existence
 * keeps away. Here it is known what registers and spilled registers hold, as far as it follows
 * from numbers in the program and from relocations; where ways meet with different numbers it is
 * not known any more, while the verifier goes each way by itself. So what is called unreachable is
 * that to the verifier, too; it may call more so.
 */
#ifndef KSTRUCT_CHECK_BPF_REACHABILITY_H
#define KSTRUCT_CHECK_BPF_REACHABILITY_H

#include "check/bpf/core_resolve.h"

/* Marks poisoned results of the object that no function of it reaches. */
struct error *reachability_mark(const struct bpf_object *object,
                                struct core_result *results) MUST_CHECK;

#endif
