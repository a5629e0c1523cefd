/* SPDX-License-Identifier: MIT */
/*
 * What each line of the list stands for: which kernels, from where, what is locked for them, in
 * which group of the report they are and what they are compared with, if all that the list names
 * could be had. Nobody is asked: for what a pattern stands for is on record.
 */
#ifndef KSTRUCT_CLI_LIST_LIST_EXPLANATION_H
#define KSTRUCT_CLI_LIST_LIST_EXPLANATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/cli.h"
#include "config/list/kernel_list.h"
#include "model/kernel/kernel_group.h"
#include "run/fetching/lock_keeper.h"

struct explained_kernel {
    const struct kernel_entry *entry;
    const struct locked_package *locked;      /* NULL: nothing */
    bool is_lock_obsolete;                    /* what is locked is not what the line asks for now */
    const char *group;                        /* NULL for one that is skipped */
    const struct kernel_entry *compared_with; /* NULL: nothing */
    bool is_baseline;
};

/* A line that names a kernel has that one; one with a pattern has those that it stands for and that
 * have no line of their own. */
struct explained_line {
    const struct kernel_entry *entry;
    size_t first_kernel; /* an index */
    size_t kernel_count;
};

struct list_explanation {
    struct cli *cli;
    struct kernel_list written;  /* as the list is */
    struct kernel_list resolved; /* kernels in place of patterns */
    struct lock_keeper keeper;
    struct kernel_groups groups;
    struct explained_line *lines; /* by entry of WRITTEN */
    struct explained_kernel *kernels;
    size_t kernel_count;
    bool names_baseline; /* else it is the first by version */
};

/* What is wrong with the list or the lock file is logged. Free with list_explanation_deinit(), also
 * after a failure. */
struct error *list_explanation_make(struct cli *cli,
                                    struct list_explanation *explanation) MUST_CHECK;
void list_explanation_deinit(struct list_explanation *explanation);

/* Appends it as text, or as JSON (report/schemas/list.schema.json). */
struct error *list_text_append(const struct list_explanation *explanation,
                               struct buffer *out) MUST_CHECK;
struct error *list_json_append(const struct list_explanation *explanation,
                               struct buffer *out) MUST_CHECK;

#endif
