/* SPDX-License-Identifier: MIT */
/*
 * From a pattern of the list ("6.8.0-*-generic-amd64 latest=3") to the kernels that it stands for:
 * the newest that the sources know, with the versions of their packages. Where a name was built
 * more than once, as for a series and its backport, the greatest version counts.
 *
 * They take the pattern's place in the list, with its group. A kernel that has a line of its own is
 * one of the newest, but keeps its line. A pattern stays in the list if it stands for nothing, or
 * is skipped.
 */
#ifndef KSTRUCT_RUN_FETCHING_PATTERN_RESOLUTION_H
#define KSTRUCT_RUN_FETCHING_PATTERN_RESOLUTION_H

#include <stdbool.h>

#include "config/list/kernel_list.h"
#include "dataset/dataset.h"
#include "run/workspace.h"

/* Is it a kernel that the pattern may stand for? */
bool pattern_covers(const struct kernel_entry *pattern, const struct kernel_name *name);

/* Asks the sources, and puts on record what they say. Where they cannot say it for now, goes on
 * with what they did say, the record and the data set, and tells the log. With words, only the
 * patterns are asked for that WORDS name or have kernels of; the others are as on record. To be
 * called while there is one thread. */
struct error *pattern_resolution_ask(struct workspace *workspace, char *const *words,
                                     int word_count, struct kernel_list *list) MUST_CHECK;

/* Asks nobody: what is on record. */
struct error *pattern_resolution_recall(struct workspace *workspace,
                                        struct kernel_list *list) MUST_CHECK;

/* While the data set lacks some of the kernels that a pattern stands for, since they cannot be had
 * yet or cannot be read, as many older ones that it has stay in the list: a report loses a kernel
 * only to one that it gets. Adds these to a list whose patterns have been resolved. DATASET is NULL
 * where there is none. */
struct error *pattern_resolution_add_stand_ins(struct dataset *dataset,
                                               struct kernel_list *list) MUST_CHECK;

#endif
