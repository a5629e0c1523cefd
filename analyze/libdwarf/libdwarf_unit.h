/* SPDX-License-Identifier: MIT */
/*
 * libdwarf's handle of one unit, over sections that are mapped already.
 *
 * libdwarf finds the unit of an offset by walking a list of all units before it. So each unit is
 * shown to it as a section of its own, in which it is the first and only one.
 *
 * The interface of libdwarf changed after version 20210528 (which Debian 12 has); both are served.
 */
#ifndef KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_UNIT_H
#define KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_UNIT_H

#include <libdwarf.h>

#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_list.h"
#include "base/error.h"

#ifdef DW_LIBDWARF_VERSION
#define LIBDWARF_IS_NEW 1
#else
#define LIBDWARF_IS_NEW 0
#endif

struct libdwarf_unit {
    const struct dwarf_sections *sections;
    const struct unit *unit;
#if LIBDWARF_IS_NEW
    Dwarf_Obj_Access_Interface_a interface;
#else
    Dwarf_Obj_Access_Interface interface;
#endif
    uint8_t *changed_bytes; /* what libdwarf sees instead of the unit's own; NULL: those */
    Dwarf_Debug debug;      /* offsets in it count from the unit's start */
    struct libdwarf_reader *reader;
    struct libdwarf_unit *next; /* another one that the reader has open */
};

/* Does it speak of memory rather than of the file? */
static inline bool libdwarf_lacks_memory(Dwarf_Error reason)
{
    Dwarf_Unsigned code = reason ? dwarf_errno(reason) : 0;

    return code == DW_DLE_ALLOC_FAIL || code == DW_DLE_FAILSAFE_ERRVAL;
}

/* SECTIONS and UNIT must outlive the handle. Fails with ERROR_BAD_DWARF. */
struct error *libdwarf_unit_create(const struct dwarf_sections *sections, const struct unit *unit,
                                   struct libdwarf_unit **unit_ret) MUST_CHECK;
void libdwarf_unit_destroy(struct libdwarf_unit *unit);

#endif
