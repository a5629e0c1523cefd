/* SPDX-License-Identifier: MIT */
/* The kernel that runs on this machine, by the BTF that it offers in SYSTEM_DIR/btf. */
#ifndef KSTRUCT_RUN_RUNNING_RUNNING_KERNEL_H
#define KSTRUCT_RUN_RUNNING_RUNNING_KERNEL_H

#include "dataset/dataset.h"
#include "run/workspace.h"

struct running_kernel {
    char *name; /* what it is called in the data set below: RELEASE-running-ARCHITECTURE */
    char *twin; /* the data set's own kernel that it is; NULL: there is none */
    bool is_known_by_build_id; /* the twin: else by its name */
};

/* Opens a copy of the workspace's data set in memory that has the running kernel besides. Only
 * vmlinux's types are read. ERROR_NOT_FOUND if the kernel offers no BTF. Free KERNEL with
 * running_kernel_deinit(), also after a failure. */
struct error *running_kernel_open(struct workspace *workspace, struct running_kernel *kernel,
                                  struct dataset **dataset_ret) MUST_CHECK;
void running_kernel_deinit(struct running_kernel *kernel);

#endif
