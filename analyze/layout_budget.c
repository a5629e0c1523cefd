/* SPDX-License-Identifier: MIT */
#include "analyze/layout_budget.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/capped.h"

/* Real kernels take some hundredths of a byte for each of .debug_info, and some three for each of a
 * BTF. */
enum { BUDGET_BASE = 4 * 1024 * 1024, BUDGET_FACTOR = 16, BUDGET_MAXIMUM = 256 * 1024 * 1024 };

void layout_budget_init(struct layout_budget *budget, uint64_t file_bytes)
{
    uint64_t maximum = add_capped(BUDGET_BASE, multiply_capped(file_bytes, BUDGET_FACTOR));

    budget->used = 0;
    budget->maximum = maximum < BUDGET_MAXIMUM ? maximum : BUDGET_MAXIMUM;
}

struct error *layout_budget_take(struct layout_budget *budget, uint64_t byte_count)
{
    budget->used += byte_count;
    if (layout_budget_is_exhausted(budget))
        return error_create(ERROR_LIMIT, NULL,
                            "its definitions take more than %" PRIu64 " bytes, which no kernel of "
                            "its size does; it is damaged, or made to harm",
                            budget->maximum);
    return NULL;
}
