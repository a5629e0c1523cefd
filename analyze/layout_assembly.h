/* SPDX-License-Identifier: MIT */
/* From the definitions that a scan found to a kernel's layouts: decodes one of each, and puts them
 * in order. */
#ifndef KSTRUCT_ANALYZE_LAYOUT_ASSEMBLY_H
#define KSTRUCT_ANALYZE_LAYOUT_ASSEMBLY_H

#include <stdbool.h>

#include "analyze/definition_index.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_list.h"
#include "base/error.h"
#include "model/kernel_layouts.h"

struct layout_assembly_input {
    const struct dwarf_sections *sections;
    const struct unit_list *units;
    const struct definition_index *index; /* finished */
    unsigned jobs;                        /* threads */
    bool needs_digests;                   /* of all layouts */
};

/* Fills LAYOUTS's definitions and types; on failure LAYOUTS holds some of them, and is to be
 * deinitialized all the same. */
struct error *layout_assembly_run(const struct layout_assembly_input *input,
                                  struct kernel_layouts *layouts) MUST_CHECK;

#endif
