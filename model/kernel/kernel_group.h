/* SPDX-License-Identifier: MIT */
/* Kernels that a report compares with one another, and which with which. */
#ifndef KSTRUCT_MODEL_KERNEL_KERNEL_GROUP_H
#define KSTRUCT_MODEL_KERNEL_KERNEL_GROUP_H

#include <stddef.h>

/* Two kernels by their index in the report's list of kernels. */
struct kernel_pair {
    size_t before; /* the older one, or the baseline */
    size_t after;
};

struct kernel_group {
    char *name; /* "Regular", "Arch", "Flavor", … */
    size_t kernel_count;
    size_t *kernels; /* indexes, in the group's order */
    size_t pair_count;
    struct kernel_pair *pairs; /* in the order of printing */
};

/* The groups of one report, in the order of printing. */
struct kernel_groups {
    size_t count;
    struct kernel_group *groups;
};

/* Frees the groups and all they hold; the struct itself is the caller's. */
void kernel_groups_deinit(struct kernel_groups *groups);

#endif
