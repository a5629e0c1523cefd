/* SPDX-License-Identifier: MIT */
/*
 * libdwarf over sections that are mapped already, and the few questions that decoding a layout asks
 * it. libdwarf's own error codes end here. Not thread-safe: one reader a thread.
 *
 * libdwarf finds the unit of an offset by walking a list of all units before it. So each unit is
 * shown to it as a section of its own, in which it is the first and only one.
 *
 * The interface of libdwarf changed after version 20210528 (which Debian 12 has); both are served.
 */
#ifndef KSTRUCT_ANALYZE_LIBDWARF_READER_H
#define KSTRUCT_ANALYZE_LIBDWARF_READER_H

#include <libdwarf.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyze/dwarf_sections.h"
#include "analyze/unit_list.h"
#include "base/error.h"

struct libdwarf_reader; /* opaque: what libdwarf keeps, and its view of the sections */
struct libdwarf_unit;   /* opaque: libdwarf's handle of one unit */

/* A DIE's place: what references refer to. */
struct die_place {
    enum dwarf_section section;
    uint64_t section_offset;
};

/* A DIE that libdwarf has opened; {0} is none. */
struct libdwarf_die {
    Dwarf_Die die; /* NULL: none */
    struct libdwarf_unit *unit;
};

/*
 * Tells libdwarf not to keep book of what it allocates: every unit would begin with a table that,
 * in newer versions, grows with the file, and all that is opened here is closed again by name
 * anyway. This is a switch of the whole process; to be called before readers are made, from one
 * thread.
 */
void libdwarf_reader_set_up(void);

/* SECTIONS and UNITS must outlive the reader. */
struct error *libdwarf_reader_create(const struct dwarf_sections *sections,
                                     const struct unit_list *units,
                                     struct libdwarf_reader **reader_ret) MUST_CHECK;

/* NULL-safe. No DIE may be open. */
void libdwarf_reader_destroy(struct libdwarf_reader *reader);

/* Frees what libdwarf holds of all units but this one. No DIE may be open; names that it returned
 * end to be valid only with the sections. */
void libdwarf_reader_forget_others(struct libdwarf_reader *reader, const struct unit *unit);

bool libdwarf_reader_is_big_endian(const struct libdwarf_reader *reader);

/* The DIE at PLACE. Release with libdwarf_die_close(). */
struct error *libdwarf_die_open(struct libdwarf_reader *reader, struct die_place place,
                                struct libdwarf_die *die_ret) MUST_CHECK;

/* Makes *DIE none; nothing to do if it is. Fit for CLEANUP. */
void libdwarf_die_close(struct libdwarf_die *die);

/* The first child of DIE, or the sibling behind it; none if there is none. Release each. */
struct error *libdwarf_die_child(const struct libdwarf_die *die,
                                 struct libdwarf_die *child_ret) MUST_CHECK;
struct error *libdwarf_die_sibling(const struct libdwarf_die *die,
                                   struct libdwarf_die *sibling_ret) MUST_CHECK;

struct error *libdwarf_die_tag(const struct libdwarf_die *die, unsigned *tag_ret) MUST_CHECK;

/* DW_AT_name; NULL if absent. Points into the sections. */
struct error *libdwarf_die_name(const struct libdwarf_die *die, const char **name_ret) MUST_CHECK;

/* A constant or flag; *has_ret tells whether DIE has the attribute, *value_ret is 0 if not. */
struct error *libdwarf_die_number(const struct libdwarf_die *die, unsigned attribute, bool *has_ret,
                                  uint64_t *value_ret) MUST_CHECK;

/* Where a member lies in its container, in bytes: a constant, or an expression that adds one (DWARF
 * 5, section 5.7.6). ERROR_UNSUPPORTED for other expressions. */
struct error *libdwarf_die_member_location(const struct libdwarf_die *die, bool *has_ret,
                                           uint64_t *byte_offset_ret) MUST_CHECK;

/* What DW_AT_type refers to; *has_ret is false without one (that is: void). */
struct error *libdwarf_die_type(const struct libdwarf_die *die, bool *has_ret,
                                struct die_place *place_ret) MUST_CHECK;

/* An error at DIE's place in the file. */
struct error *libdwarf_die_error(const struct libdwarf_die *die, enum error_code code,
                                 const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

#endif
