/* SPDX-License-Identifier: MIT */
/* Two files about one kernel become one. */
#ifndef KSTRUCT_MODEL_KERNEL_MERGE_H
#define KSTRUCT_MODEL_KERNEL_MERGE_H

#include "base/error.h"
#include "model/kernel_layouts.h"

/* Adds FROM's definitions to INTO's, whose identity stays. Names that both have are INTO's. FROM is
 * empty then, and still to be freed. */
struct error *kernel_merge(struct kernel_layouts *into, struct kernel_layouts *from) MUST_CHECK;

#endif
