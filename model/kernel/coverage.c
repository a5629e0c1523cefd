/* SPDX-License-Identifier: MIT */
#include "model/kernel/coverage.h"

const struct coverage_kernel *coverage_of(const struct coverage *coverage, size_t report_index)
{
    for (size_t i = 0; i < coverage->count; i++) {
        if (coverage->kernels[i].report_index == report_index)
            return &coverage->kernels[i];
    }
    return NULL;
}

const char *coverage_state_text(enum coverage_state state)
{
    static const char *const words[] = {
#define X(state, word) [state] = (word),
        COVERAGE_STATES(X)
#undef X
    };

    return words[state];
}
