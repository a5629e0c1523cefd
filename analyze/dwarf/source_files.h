/* SPDX-License-Identifier: MIT */
/* Names of source files: a unit's own, and those that its line table's header lists (DWARF 5,
 * section 6.2.4; DWARF 2 to 4, the same section). */
#ifndef KSTRUCT_ANALYZE_DWARF_SOURCE_FILES_H
#define KSTRUCT_ANALYZE_DWARF_SOURCE_FILES_H

#include <stdint.h>

#include "analyze/dwarf/die_reader.h"
#include "base/buffer.h"
#include "base/error.h"

enum { SOURCE_PATH_MAXIMUM = 4096 };

/*
 * Appends the unit's own path to PATH (emptied first), or nothing if it has none. Paths come out
 * relative to the kernel's source tree where the file tells where that was: "kernel/sched/core.c".
 * READER must have been made for UNIT's sections; it is turned to UNIT.
 */
struct error *source_file_of_unit(struct die_reader *reader, const struct unit *unit,
                                  struct buffer *path) MUST_CHECK;

/* The same for file number INDEX (as in DW_AT_decl_file) of the unit's line table; nothing is
 * appended for an index that the table does not have. Fails with ERROR_BAD_DWARF. */
struct error *source_file_by_index(struct die_reader *reader, const struct unit *unit,
                                   uint64_t index, struct buffer *path) MUST_CHECK;

#endif
