/* SPDX-License-Identifier: MIT */
/* Finds the struct and union definitions of a unit, wherever they stand in it. */
#ifndef KSTRUCT_ANALYZE_DEFINITION_SCAN_H
#define KSTRUCT_ANALYZE_DEFINITION_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/definition_index.h"
#include "analyze/die_reader.h"
#include "analyze/fingerprint.h"
#include "base/error.h"

struct definition_scanner {
    struct die_reader reader;
    struct fingerprinter fingerprinter;
    struct definition_index index;
    uint64_t skeleton_unit_count; /* units whose DIEs lie in a .dwo file */
    unsigned versions_seen;       /* bit N: a unit of DWARF version N was read */
};

void definition_scanner_init(struct definition_scanner *scanner,
                             const struct dwarf_sections *sections);
void definition_scanner_deinit(struct definition_scanner *scanner);

/* Adds the definitions of UNIT, number UNIT_NUMBER of the unit list, to scanner->index. Units that
 * are not C (assembler, Rust) have none. Fails with ERROR_BAD_DWARF. */
struct error *definition_scan_unit(struct definition_scanner *scanner, const struct unit *unit,
                                   uint32_t unit_number) MUST_CHECK;

#endif
