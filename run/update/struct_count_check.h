/* SPDX-License-Identifier: MIT */
/* A kernel that has suspiciously few structs: read from a package that lacks some, or by a reader
 * that overlooks some. */
#ifndef KSTRUCT_RUN_UPDATE_STRUCT_COUNT_CHECK_H
#define KSTRUCT_RUN_UPDATE_STRUCT_COUNT_CHECK_H

#include <stddef.h>

#include "base/error.h"
#include "dataset/dataset.h"

/* What is suspicious of kernel number INDEX, for free(); NULL: nothing is. It has fewer than three
 * quarters of the structs of the version before it, or fewer than half of those of the version
 * after it, of the same flavor and architecture; or, where there is neither, fewer than half of
 * what the others have on average. */
struct error *struct_drop_describe(const struct dataset_kernels *kernels, size_t index,
                                   char **warning_ret) MUST_CHECK;

#endif
