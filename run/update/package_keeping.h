/* SPDX-License-Identifier: MIT */
/* What the setting `keep` has removed of the packages, and what it has not. */
#ifndef KSTRUCT_RUN_UPDATE_PACKAGE_KEEPING_H
#define KSTRUCT_RUN_UPDATE_PACKAGE_KEEPING_H

#include <stddef.h>
#include <time.h>

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/fetching/lock_keeper.h"
#include "run/workspace.h"

/* All pointers are borrowed. */
struct package_keeping {
    struct workspace *workspace;
    const struct kernel_list *list;
    const struct lock_keeper *lock;
    const struct fetched_package *fetched; /* those that stay in any case */
    size_t fetched_count;
    /* Packages used from then on that the data set has not read stay, too: they are waiting to be
     * read. 0: none do. */
    time_t since;
};

/* Removes packages that were used longest ago if the settings give a size and there is more than
 * that. Those of the list's kernels that DATASET (NULL: the data directory's, if there is one) has
 * not read stay, as far as it is known which they are. That it cannot is a warning. */
void package_keeping_apply(const struct package_keeping *keeping, struct dataset *dataset);

#endif
