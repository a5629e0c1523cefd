/* SPDX-License-Identifier: MIT */
/* A part of the list, for one of many machines: which part a kernel is in follows from its name, so
 * a kernel that is added moves no other. */
#ifndef KSTRUCT_RUN_FETCHING_SHARD_H
#define KSTRUCT_RUN_FETCHING_SHARD_H

#include "base/error.h"
#include "config/list/kernel_list.h"

struct shard {
    unsigned number; /* from 1; 0: all of the list is meant */
    unsigned count;
};

/* Reads "3/8"; ERROR_USAGE. */
struct error *shard_parse(const char *text, struct shard *shard_ret) MUST_CHECK;

/* Leaves of the COUNT entries of LIST that INDEXES names only those of the shard. */
struct error *shard_select(const struct shard *shard, const struct kernel_list *list,
                           size_t *indexes, size_t *count) MUST_CHECK;

#endif
