/* SPDX-License-Identifier: MIT */
/*
 * The distinct layouts that a definition has in the kernels of a report: first those of the
 * kernels, as their groups follow one another, then those that only further definitions have.
 * Layouts that read alike, where one kernel only declares what another defines, count as one.
 */
#ifndef KSTRUCT_REPORT_PAGES_DISTINCT_LAYOUTS_H
#define KSTRUCT_REPORT_PAGES_DISTINCT_LAYOUTS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/history.h"
#include "model/kernel/kernel_group.h"

#define DISTINCT_LAYOUT_NONE SIZE_MAX

struct distinct_layouts {
    size_t kernel_count; /* of the history */
    size_t *kernels;     /* each once, in the order of the groups; after them what is in none */
    size_t count;
    size_t first_count; /* how many are a kernel's first definition; they come first */
    const struct layout **layouts;
    size_t *of_kernels; /* by kernel: the number of its layout, or DISTINCT_LAYOUT_NONE */
    size_t *of_further; /* by further definition */
};

/* All is allocated from ARENA or belongs to the history. */
struct error *distinct_layouts_list(const struct history *history,
                                    const struct kernel_groups *groups,
                                    const struct history_definition *entry, struct arena *arena,
                                    struct distinct_layouts *layouts_ret) MUST_CHECK;

#endif
