/* SPDX-License-Identifier: MIT */
/* A kernel of a history as what layout_compare() looks structs up in. */
#ifndef KSTRUCT_REPORT_COMPARE_KERNEL_SCOPE_H
#define KSTRUCT_REPORT_COMPARE_KERNEL_SCOPE_H

#include <stddef.h>

#include "model/history.h"
#include "report/compare/layout_comparison.h"

struct kernel_scope {
    const struct history *history;
    size_t kernel; /* index in the history */
};

/* SCOPE must live as long as the result. */
struct struct_scope kernel_scope_of(const struct kernel_scope *scope);

#endif
