/* SPDX-License-Identifier: MIT */
/* A process that reads foreign bytes gives up what it has no business with. */
#ifndef KSTRUCT_BASE_SYSTEM_SANDBOX_H
#define KSTRUCT_BASE_SYSTEM_SANDBOX_H

#include "base/error.h"

/* What this machine lacks of what sandbox_enter() uses, in words, such as "Landlock"; NULL if it
 * has all. Static. */
const char *sandbox_missing(void);

/*
 * From now on the process, with all its threads to come, has the files that are open, memory and
 * threads, and no way to anything else: no other file, no network, no program, no other process.
 * Cannot be undone. By a filter of system calls, and by Landlock where the kernel has it; what the
 * machine lacks is left out. Fails only where the machine has it and it does not work.
 */
struct error *sandbox_enter(void) MUST_CHECK;

#endif
