/* SPDX-License-Identifier: MIT */
/* What a report says of each kernel that was wanted. */
#ifndef KSTRUCT_RUN_REPORT_REPORT_COVERAGE_H
#define KSTRUCT_RUN_REPORT_REPORT_COVERAGE_H

#include "base/error.h"
#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "model/kernel/coverage.h"
#include "run/report/report_selection.h"

struct report_coverage {
    struct coverage coverage;
    struct arena arena; /* owns what the coverage refers to */
};

/* Of the kernels of LIST, which may be NULL, and those of SELECTION. Free with
 * report_coverage_deinit(), also after a failure. */
struct error *report_coverage_make(struct dataset *dataset, const struct kernel_list *list,
                                   const struct dataset_kernels *kernels,
                                   const struct report_selection *selection,
                                   struct report_coverage *coverage) MUST_CHECK;

void report_coverage_deinit(struct report_coverage *coverage);

#endif
