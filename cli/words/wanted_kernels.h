/* SPDX-License-Identifier: MIT */
/* All kernels of the data set, in the order of an answer about offsets. */
#ifndef KSTRUCT_CLI_WORDS_WANTED_KERNELS_H
#define KSTRUCT_CLI_WORDS_WANTED_KERNELS_H

#include "base/error.h"
#include "dataset/dataset.h"
#include "model/kernel/kernel_name.h"
#include "report/offsets/offset_answer.h"

struct wanted_kernels {
    struct dataset_kernels list;
    size_t count;
    struct kernel_name
        *names;         /* by architecture, flavor and then as kernel_name_compare() has it */
    const char **texts; /* the names' own, in the same order */
    struct offset_kernel *kernels;
    size_t shown_count;
    size_t *shown; /* indexes of those that answers are for, ascending */
};

/* WANTED has the names of the kernels that answers are for, with commas between them; NULL: all.
 * ERROR_NOT_FOUND if the data set does not have one of them, or none at all. Free with
 * wanted_kernels_deinit(), also after a failure. */
struct error *wanted_kernels_list(struct dataset *dataset, const char *wanted,
                                  struct wanted_kernels *kernels) MUST_CHECK;

void wanted_kernels_deinit(struct wanted_kernels *kernels);

#endif
