/* SPDX-License-Identifier: MIT */
/* The units of .debug_info and .debug_types, by their headers (DWARF 5, section 7.5.1). */
#ifndef KSTRUCT_ANALYZE_DWARF_UNIT_LIST_H
#define KSTRUCT_ANALYZE_DWARF_UNIT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/dwarf/abbreviation.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "base/error.h"

struct unit {
    enum dwarf_section section; /* DWARF_INFO or DWARF_TYPES */
    uint64_t section_offset;    /* of the header, in bytes */
    uint64_t first_die_offset;  /* in the section */
    uint64_t end_offset;        /* in the section: after the last DIE */
    uint64_t abbreviation_offset;
    struct dwarf_encoding encoding;
    bool is_skeleton;     /* its DIEs are in another file */
    bool has_signature;   /* a type unit */
    uint64_t signature;   /* as stored: the bytes in file order, not a number */
    uint64_t type_offset; /* in the section: a type unit's type */
};

struct unit_list {
    struct unit *units; /* .debug_info's in their order, then .debug_types' */
    size_t count;
    size_t capacity;
    size_t type_unit_count;
    const struct unit **type_units; /* by signature */
};

/* Reads all headers. Fails with ERROR_BAD_DWARF, naming the unit's offset. */
struct error *unit_list_read(const struct dwarf_sections *sections,
                             struct unit_list *list_ret) MUST_CHECK;
void unit_list_deinit(struct unit_list *list);

/* The unit that holds SECTION_OFFSET, or NULL. */
const struct unit *unit_list_find(const struct unit_list *list, enum dwarf_section section,
                                  uint64_t section_offset);

/* The type unit of that signature, or NULL. */
const struct unit *unit_list_find_signature(const struct unit_list *list, uint64_t signature);

#endif
