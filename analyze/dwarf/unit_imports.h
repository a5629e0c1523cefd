/* SPDX-License-Identifier: MIT */
/* Which units import which. dwz moves what several units share into partial units, which do not say
 * their language: it is that of those that import them. */
#ifndef KSTRUCT_ANALYZE_DWARF_UNIT_IMPORTS_H
#define KSTRUCT_ANALYZE_DWARF_UNIT_IMPORTS_H

#include "analyze/definition_scan.h"
#include "analyze/dwarf/unit_list.h"
#include "base/error.h"

/* Finds the UNIT_IMPORTED among OUTCOMES, which has one for each unit, that a UNIT_READ imports,
 * itself or by way of others. *NUMBERS_RET lists them, in no order: free with free(). Fails with
 * ERROR_BAD_DWARF. */
struct error *unit_imports_of_c(const struct dwarf_sections *sections,
                                const struct unit_list *units, const enum unit_outcome *outcomes,
                                uint32_t **numbers_ret, size_t *count_ret) MUST_CHECK;

#endif
