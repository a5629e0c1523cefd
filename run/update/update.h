/* SPDX-License-Identifier: MIT */
/* The kernels of the list, brought into the data set as far as they are missing or have changed. */
#ifndef KSTRUCT_RUN_UPDATE_UPDATE_H
#define KSTRUCT_RUN_UPDATE_UPDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/fetching/lock_keeper.h"
#include "run/interruption.h"
#include "run/workspace.h"

struct update_options {
    struct workspace *workspace;
    struct dataset *dataset; /* open for writing */
    const struct kernel_list *list;
    const size_t *indexes; /* of the list's entries that are wanted */
    size_t count;
    struct lock_keeper *lock;
    bool tries_all; /* also those that failed, whatever kernel_retry.h says */
    bool streams;   /* read packages while they arrive, where that can be done */
    struct interruption *interruption;
};

/* How many kernels: */
struct update_outcome {
    size_t wanted;
    size_t current; /* were up to date before */
    size_t read;
    size_t failed;
    size_t waiting; /* failed before, and are not due to be tried again */
};

/* One kernel's failure is logged and noted, and does not stop the others. What was done before an
 * error or an interruption (ERROR_INTERRUPTED) is kept; *OUTCOME_RET counts it also then. */
struct error *update_kernels(const struct update_options *options,
                             struct update_outcome *outcome_ret) MUST_CHECK;

#endif
