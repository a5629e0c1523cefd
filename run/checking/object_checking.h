/* SPDX-License-Identifier: MIT */
/* Checks BPF objects against many kernels: where check/ and export/ meet. */
#ifndef KSTRUCT_RUN_CHECKING_OBJECT_CHECKING_H
#define KSTRUCT_RUN_CHECKING_OBJECT_CHECKING_H

#include "check/bpf/object_check.h"
#include "dataset/dataset.h"
#include "model/history.h"

struct object_checking {
    const struct history *history; /* of all images, with details */
    const struct dataset_kernels *records;
    size_t kernel_count;   /* to check against */
    const size_t *kernels; /* numbers in the history */
    size_t object_count;
    const struct bpf_object *objects;
    unsigned jobs;
};

/* Fills RESULTS: by object, then by kernel, then by relocation. All is allocated from ARENA. The
 * results do not depend on how many threads there are. */
struct error *object_checking_run(const struct object_checking *checking, struct arena *arena,
                                  struct core_result ****results_ret) MUST_CHECK;

#endif
