/* SPDX-License-Identifier: MIT */
/* Kernels that are in the data set and no longer in the list. */
#ifndef KSTRUCT_RUN_UPDATE_PRUNING_H
#define KSTRUCT_RUN_UPDATE_PRUNING_H

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/workspace.h"

/* Removes them from the data set, unless that is damaged. Those that the list skips are in it; and
 * as long as one of its patterns stands for no kernel, nothing is removed, which the log is told.
 */
struct error *prune_dataset(struct workspace *workspace, struct dataset *dataset,
                            const struct kernel_list *list) MUST_CHECK;

#endif
