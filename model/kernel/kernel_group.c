/* SPDX-License-Identifier: MIT */
#include "model/kernel/kernel_group.h"

#include <stdlib.h>

void kernel_groups_deinit(struct kernel_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        free(groups->groups[i].name);
        free(groups->groups[i].kernels);
        free(groups->groups[i].pairs);
    }
    free(groups->groups);
    *groups = (struct kernel_groups){0};
}
