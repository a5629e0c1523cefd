/* SPDX-License-Identifier: MIT */
/*
 * DIEs, and the few questions that decoding a layout asks. Which DIEs there are, their tags and
 * names are what our own reader says, as for the scanner; libdwarf decodes the other attributes.
 * Its error codes end here.
 */
#ifndef KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_DIE_H
#define KSTRUCT_ANALYZE_LIBDWARF_LIBDWARF_DIE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/libdwarf/libdwarf_reader.h"
#include "base/error.h"

/* A DIE that libdwarf has opened; {0} is none. */
struct libdwarf_die {
    Dwarf_Die die; /* NULL: none */
    struct libdwarf_unit *unit;
    uint64_t section_offset;
    unsigned tag;
};

/* The DIE at PLACE. Release with libdwarf_die_close(). */
struct error *libdwarf_die_open(struct libdwarf_reader *reader, struct die_place place,
                                struct libdwarf_die *die_ret) MUST_CHECK;

/* Makes *DIE none; nothing to do if it is. Fit for CLEANUP. */
void libdwarf_die_close(struct libdwarf_die *die);

/* The first child of DIE, or the sibling after it; none if there is none. Release each. */
struct error *libdwarf_die_child(const struct libdwarf_die *die,
                                 struct libdwarf_die *child_ret) MUST_CHECK;
struct error *libdwarf_die_sibling(const struct libdwarf_die *die,
                                   struct libdwarf_die *sibling_ret) MUST_CHECK;

/* DW_AT_name; NULL if absent. Points into the sections. Fails with ERROR_LIMIT for one that is
 * longer than C_NAME_MAXIMUM. */
struct error *libdwarf_die_name(const struct libdwarf_die *die, const char **name_ret) MUST_CHECK;

/* A constant or flag; *has_ret tells whether DIE has the attribute, *value_ret is 0 if not. */
struct error *libdwarf_die_number(const struct libdwarf_die *die, unsigned attribute, bool *has_ret,
                                  uint64_t *value_ret) MUST_CHECK;

/* A constant with its sign: with *is_unsigned_ret, *VALUE_RET is negative and stands for what is
 * 2^64 more. */
struct error *libdwarf_die_value(const struct libdwarf_die *die, unsigned attribute, bool *has_ret,
                                 int64_t *value_ret, bool *is_unsigned_ret) MUST_CHECK;

/* Calls VISIT for each child of DIE, up to its first error. */
typedef struct error *libdwarf_die_visit(void *context, const struct libdwarf_die *child);

struct error *libdwarf_die_for_each_child(const struct libdwarf_die *die, libdwarf_die_visit *visit,
                                          void *context) MUST_CHECK;

/* What a member's DIE says of it. Numbers are 0 where it says nothing. */
struct libdwarf_member {
    const char *name; /* NULL: none; points into the sections */
    bool has_type;    /* false: void */
    struct die_place type;
    bool has_byte_offset;
    uint64_t byte_offset; /* in its container: DW_AT_data_member_location */
    uint64_t bit_size;    /* of a bit-field */
    bool has_data_bit_offset;
    uint64_t data_bit_offset; /* in its container */
    bool has_bit_offset;
    /* DWARF 2 and 3: from the storage unit's most significant bit; negative if it ends after that
     * unit. */
    int64_t bit_offset;
    uint64_t storage_byte_size;
};

/* Reads all of that in one go. The location may be a constant, or an expression that is or adds one
 * (DWARF 5, section 5.7.6); ERROR_UNSUPPORTED for other expressions. */
struct error *libdwarf_die_member(const struct libdwarf_die *die,
                                  struct libdwarf_member *member_ret) MUST_CHECK;

/* What DW_AT_type refers to; *has_ret is false without one (that is: void). */
struct error *libdwarf_die_type(const struct libdwarf_die *die, bool *has_ret,
                                struct die_place *place_ret) MUST_CHECK;

/* An error at DIE's place in the file. */
struct error *libdwarf_die_error(const struct libdwarf_die *die, enum error_code code,
                                 const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

#endif
