/* SPDX-License-Identifier: MIT */
/* A bound to the memory that definitions take. */
#ifndef KSTRUCT_ANALYZE_LAYOUT_BUDGET_H
#define KSTRUCT_ANALYZE_LAYOUT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The bytes that what is decoded of a kernel takes: unnamed structs in each other can be far more
 * than the file that says so. Shared by all threads; whoever goes over the maximum fails. */
struct layout_budget {
    _Atomic uint64_t used;
    uint64_t maximum;
};

/* For what FILE_BYTES of debug information say. */
void layout_budget_init(struct layout_budget *budget, uint64_t file_bytes);

/* Fails with ERROR_LIMIT. */
struct error *layout_budget_take(struct layout_budget *budget, uint64_t byte_count) MUST_CHECK;

static inline bool layout_budget_is_exhausted(const struct layout_budget *budget)
{
    return budget->used > budget->maximum;
}

#endif
