/* SPDX-License-Identifier: MIT */
/* The units of a file as libdwarf reads them, opened when they are needed. Not thread-safe: one
 * reader a thread. */
#ifndef KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_READER_H
#define KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_READER_H

#include "analyze/dwarf/die_reader.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_list.h"
#include "analyze/libdwarf/libdwarf_unit.h"
#include "base/error.h"

/* A DIE's place: what references refer to. */
struct die_place {
    enum dwarf_section section;
    uint64_t section_offset;
};

struct libdwarf_reader {
    const struct dwarf_sections *sections;
    const struct unit_list *units;
    struct libdwarf_unit *open_units;
    struct die_reader own_reader; /* for what libdwarf is not asked */
};

/*
 * Tells libdwarf not to keep book of what it allocates: every unit would begin with a table that,
 * in newer versions, grows with the file, and all that is opened here is closed again by name
 * anyway. This is a switch of the whole process; to be called before readers are made, from one
 * thread.
 */
void libdwarf_reader_set_up(void);

/* SECTIONS and UNITS must outlive the reader. */
void libdwarf_reader_init(struct libdwarf_reader *reader, const struct dwarf_sections *sections,
                          const struct unit_list *units);

/* No DIE may be open. */
void libdwarf_reader_deinit(struct libdwarf_reader *reader);

/* Frees what libdwarf holds of all units but this one. No DIE may be open. */
void libdwarf_reader_forget_others(struct libdwarf_reader *reader, const struct unit *unit);

/* The handle of the unit that holds PLACE; it stays the reader's. Fails with ERROR_BAD_DWARF. */
struct error *libdwarf_reader_find_unit(struct libdwarf_reader *reader, struct die_place place,
                                        struct libdwarf_unit **unit_ret) MUST_CHECK;

/* Reads the DIE at SECTION_OFFSET, which must lie in UNIT, with our own reader, whose cursor is
 * after its attributes then. What *DIE_RET points to is valid until the next call. Fails with
 * ERROR_BAD_DWARF. */
struct error *libdwarf_reader_read_own(struct libdwarf_reader *reader, const struct unit *unit,
                                       uint64_t section_offset, struct die *die_ret) MUST_CHECK;

#endif
