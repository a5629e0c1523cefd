/* SPDX-License-Identifier: MIT */
/* Finds the definitions of a unit, of all kinds, wherever they stand in it. */
#ifndef KSTRUCT_ANALYZE_DEFINITION_SCAN_H
#define KSTRUCT_ANALYZE_DEFINITION_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/definition_index.h"
#include "analyze/dwarf/die_reader.h"
#include "analyze/fingerprint.h"
#include "base/error.h"

struct known_definitions;

struct definition_scanner {
    struct die_reader reader;
    struct fingerprinter fingerprinter;
    struct definition_index index;
    const struct known_definitions *known; /* not added to the index; NULL: all are */
    unsigned versions_seen;                /* bit N: a unit of DWARF version N was read */
};

void definition_scanner_init(struct definition_scanner *scanner,
                             const struct dwarf_sections *sections);
void definition_scanner_deinit(struct definition_scanner *scanner);

/* What is known of a unit's language and place, and so what became of it. */
enum unit_outcome {
    UNIT_READ,
    UNIT_NOT_C,     /* assembler, Rust, C++: nothing of it is wanted */
    UNIT_SPLIT_OFF, /* what it defines lies in a .dwo file */
    UNIT_IMPORTED,  /* partial, and does not say its language: that of those that import it */
};

/* Adds the definitions of UNIT, number UNIT_NUMBER of the unit list, to scanner->index, if it is
 * UNIT_READ. Fails with ERROR_BAD_DWARF. */
struct error *definition_scan_unit(struct definition_scanner *scanner, const struct unit *unit,
                                   uint32_t unit_number, enum unit_outcome *outcome_ret) MUST_CHECK;

/* Turns to UNIT, for what follows. */
struct error *definition_scan_enter(struct definition_scanner *scanner,
                                    const struct unit *unit) MUST_CHECK;

/* Adds the definition at DIE_OFFSET of the unit that was entered, number UNIT_NUMBER. */
struct error *definition_scan_one(struct definition_scanner *scanner, uint32_t unit_number,
                                  uint64_t die_offset) MUST_CHECK;

/* The same as definition_scan_unit() for a unit that is UNIT_IMPORTED, by one in C. */
struct error *definition_scan_imported_unit(struct definition_scanner *scanner,
                                            const struct unit *unit,
                                            uint32_t unit_number) MUST_CHECK;

#endif
