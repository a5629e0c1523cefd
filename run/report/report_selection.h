/* SPDX-License-Identifier: MIT */
/* The kernels that a report is about, in the list's order or by name, and their groups. */
#ifndef KSTRUCT_RUN_REPORT_REPORT_SELECTION_H
#define KSTRUCT_RUN_REPORT_REPORT_SELECTION_H

#include "base/error.h"
#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "model/kernel/grouping.h"
#include "model/kernel/kernel_name.h"
#include "run/workspace.h"

struct report_selection {
    size_t count;
    struct kernel_name *names;
    const char **texts;  /* the names' own */
    const char **groups; /* group= of the list; NULL where there is none */
    size_t baseline;     /* an index, or GROUPING_NO_BASELINE */
    struct kernel_groups kernel_groups;
};

/* Selects the kernels of the list that are in the data set and not skipped; with NULL for a list,
 * all of the data set. ERROR_NOT_FOUND if there are none. Refers to LIST; free with
 * report_selection_deinit(), also after a failure. */
struct error *report_select(struct workspace *workspace, const struct kernel_list *list,
                            const struct dataset_kernels *kernels,
                            struct report_selection *selection) MUST_CHECK;

void report_selection_deinit(struct report_selection *selection);

#endif
