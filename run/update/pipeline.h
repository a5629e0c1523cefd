/* SPDX-License-Identifier: MIT */
/*
 * Many kernels at once: while one is read, the next ones' packages arrive. What is read of a kernel
 * is handed back one at a time, to the thread that writes it down.
 */
#ifndef KSTRUCT_RUN_UPDATE_PIPELINE_H
#define KSTRUCT_RUN_UPDATE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/list/kernel_list.h"
#include "fetch/fetch.h"
#include "model/kernel_layouts.h"
#include "run/child/reader_plan.h"
#include "run/fetching/fetching.h"
#include "run/interruption.h"
#include "run/workspace.h"

/* How a kernel has fared. */
struct pipeline_result {
    const struct kernel_entry *entry;
    struct error *failure;                 /* NULL: it has been read; the pipeline's own */
    const struct fetched_package *package; /* zeros if fetching failed */
    const struct kernel_layouts *layouts;  /* NULL after a failure */
};

struct pipeline {
    struct workspace *workspace;
    const struct fetching *fetching;
    const struct kernel_list *list;
    const size_t *indexes; /* of the list's entries */
    size_t count;
    struct interruption *interruption;
    /* Called once in the thread of pipeline_run(), while the first kernels are on their way, and
     * before any is taken; NULL: nothing is to be done. An error ends all. */
    struct error *(*prepare)(void *context);
    /* Called for each kernel as soon as it is done, in the same thread. An error ends all,
     * also what is under way. */
    struct error *(*take)(void *context, const struct pipeline_result *result);
    void *context;
};

/* Fetches and reads the kernels, a process for each. No more than a few packages wait to be read.
 * When interrupted, what is under way is given up and not taken. */
struct error *pipeline_run(const struct pipeline *pipeline) MUST_CHECK;

#endif
