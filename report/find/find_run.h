/* SPDX-License-Identifier: MIT */
/* Finds definitions by what they have. */
#ifndef KSTRUCT_REPORT_FIND_FIND_RUN_H
#define KSTRUCT_REPORT_FIND_FIND_RUN_H

#include "base/arena.h"
#include "base/error.h"
#include "model/history.h"
#include "report/find/find_query.h"

/* A part of a definition that is as asked for. */
struct find_place {
    const char *path; /* with how it goes on, where that was asked for: "wait.lock", "mm->pgd" */
    const char *type; /* the member's; NULL of an enumerator */
    const struct layout_member *member; /* NULL of an enumerator */
    const struct enumerator *enumerator;
};

/* A definition as some kernels have it. */
struct find_match {
    const struct history_definition *entry;
    const struct layout *layout;
    struct history_modules modules; /* in the first of the kernels; none: vmlinux */
    size_t kernel_count;
    size_t *kernels; /* numbers among those that were searched, ascending */
    size_t place_count;
    struct find_place *places; /* none where only sizes were asked for */
    size_t next; /* 1 + the number of the entry's next match when it was found; or 0 */
};

struct find_result {
    const struct history *history;
    size_t kernel_count; /* searched */
    const size_t *kernels;
    size_t match_count;
    struct find_match *matches; /* by kind and name; of one name by the first kernel */
};

/* Searches kernels number KERNELS of HISTORY, which has details. All is allocated from ARENA or
 * belongs to the arguments. */
struct error *find_run(const struct history *history, const size_t *kernels, size_t kernel_count,
                       const struct find_query *query, struct arena *arena,
                       struct find_result *result_ret) MUST_CHECK;

#endif
