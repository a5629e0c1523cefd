/* SPDX-License-Identifier: MIT */
/*
 * Abbreviation tables (DWARF 5, section 7.5.3): what the DIEs of a unit look like. A table is
 * decoded once, into what makes walking DIEs cheap: most of them have a fixed size, and the
 * attributes of interest lie at fixed places in them.
 */
#ifndef KSTRUCT_ANALYZE_DWARF_ABBREVIATION_H
#define KSTRUCT_ANALYZE_DWARF_ABBREVIATION_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/dwarf/dwarf_sections.h"
#include "base/error.h"

/* The attributes that the scanner reads. */
enum attribute_slot {
    SLOT_NAME,
    SLOT_TYPE,
    SLOT_BYTE_SIZE,
    SLOT_DECLARATION,
    SLOT_SIBLING,
    SLOT_MEMBER_LOCATION,
    SLOT_DATA_BIT_OFFSET,
    SLOT_BIT_OFFSET,
    SLOT_BIT_SIZE,
    SLOT_UPPER_BOUND,
    SLOT_COUNT,
    SLOT_SIGNATURE,
    SLOT_LANGUAGE,
    SLOT_COMPILATION_DIRECTORY,
    SLOT_STR_OFFSETS_BASE,
    SLOT_STMT_LIST,
    SLOT_DWO_NAME,
    SLOT_IMPORT,
    SLOT_CONST_VALUE,
    SLOT_ENCODING,
    ATTRIBUTE_SLOT_COUNT
};

struct attribute_specification {
    uint16_t attribute;
    uint16_t form;
    int64_t implicit_value; /* DW_FORM_implicit_const only */
};

/* A DIE's bytes are not all of one size. */
#define ABBREVIATION_SIZE_VARIES UINT32_MAX

/* How to get at an attribute's value without looking at its form again. */
enum value_class {
    VALUE_ABSENT,
    VALUE_IMPLICIT,       /* a constant in the specification itself */
    VALUE_CONSTANT,       /* an unsigned number of BYTE_SIZE bytes at BYTE_OFFSET */
    VALUE_UNIT_REFERENCE, /* the same, counted from the unit's start */
    VALUE_STR_OFFSET,     /* the same, in .debug_str */
    VALUE_OTHER,          /* of another form, at BYTE_OFFSET */
    VALUE_ELSEWHERE,      /* of whatever form, after attributes that have to be walked */
};

struct abbreviation {
    uint16_t tag; /* 0: the code is not in use */
    bool has_children;
    /* A member as most are: its name, type and location lie at these fixed places in the commonest
     * forms, and it is no bit-field. They are here for the one loop that reads
     * millions of members, and say what SLOTS say too. */
    bool is_plain_member;
    /* It begins with its name as a text (as short names are), and all after that has a fixed size.
     */
    bool begins_with_text;
    uint8_t name_byte_offset;
    uint8_t type_byte_offset;
    uint8_t location_byte_offset;
    uint8_t location_byte_size;
    uint32_t attributes_byte_size; /* after the code; or ABBREVIATION_SIZE_VARIES */
    uint32_t first_specification;
    uint32_t specification_count;
    /* The attributes whose size varies: where there is but one, a DIE is skipped in one step. */
    uint32_t varying_count;
    uint32_t last_varying; /* specification */
    uint32_t byte_size_before_varying;
    uint32_t byte_size_after_varying;
    struct attribute_place {
        uint8_t value_class;
        uint8_t byte_size;
        bool is_from_end;       /* else from the start */
        uint16_t byte_offset;   /* from the start or end of the DIE's attributes */
        uint16_t specification; /* from the first one */
    } slots[ATTRIBUTE_SLOT_COUNT];
};

/* How the unit that uses a table encodes things: it decides the sizes of forms. */
struct dwarf_encoding {
    uint16_t version;
    uint8_t address_byte_size;
    uint8_t offset_byte_size; /* 4 or 8 */
};

struct abbreviation_table {
    uint64_t section_offset; /* where it was decoded from */
    struct dwarf_encoding encoding;
    bool is_loaded;
    struct abbreviation *abbreviations; /* by code; COUNT of them, code 0 unused */
    uint64_t count;
    uint64_t capacity;
    struct attribute_specification *specifications;
    uint64_t specification_count;
    uint64_t specification_capacity;
};

/* A table that holds nothing yet; deinit frees what a load allocated. */
void abbreviation_table_init(struct abbreviation_table *table);
void abbreviation_table_deinit(struct abbreviation_table *table);

/* Decodes the table at SECTION_OFFSET of .debug_abbrev into TABLE, reusing its memory; does nothing
 * if it holds that one already. Fails with ERROR_BAD_DWARF. */
struct error *abbreviation_table_load(struct abbreviation_table *table,
                                      const struct dwarf_sections *sections,
                                      uint64_t section_offset,
                                      const struct dwarf_encoding *encoding) MUST_CHECK;

/* NULL if the table has no such code. */
static inline const struct abbreviation *
abbreviation_table_find(const struct abbreviation_table *table, uint64_t code)
{
    if (code >= table->count || table->abbreviations[code].tag == 0)
        return NULL;
    return &table->abbreviations[code];
}

/* The bytes of a form whose size does not depend on its value: returns false for those whose does,
 * and for unknown forms. */
bool form_fixed_byte_size(uint16_t form, const struct dwarf_encoding *encoding,
                          uint32_t *byte_size_ret);

#endif
