/* SPDX-License-Identifier: MIT */
/* How much memory there is to work with. */
#ifndef KSTRUCT_BASE_SYSTEM_MEMORY_H
#define KSTRUCT_BASE_SYSTEM_MEMORY_H

#include <stdint.h>

#define MEMORY_UNLIMITED UINT64_MAX

/* Bytes that this process and those that it starts may use in all: what the machine has, or the
 * limit of the control groups that it is in, if that is less, as in a container or a systemd
 * service. A limit that cannot be read counts as none. 0 if nothing can be found out. */
uint64_t memory_of_machine(void);

/* The least of the limits of the control groups that MEMBERSHIP, the text of /proc/self/cgroup,
 * names, and of those above them; of either version of control groups, which ROOT has below it as
 * /sys/fs/cgroup does. MEMORY_UNLIMITED if there is none. */
uint64_t memory_of_cgroups(const char *root, const char *membership);

#endif
