/* SPDX-License-Identifier: MIT */
#include "analyze/definition_scan.h"

#include <dwarf.h>

/* Newer than some installed dwarf.h. */
enum { LANGUAGE_C17 = 0x2c, LANGUAGE_C23 = 0x3e };

/* Real units nest a few dozen deep; each level may be read once more for a fingerprint. */
enum { DEPTH_MAXIMUM = 1024 };

void definition_scanner_init(struct definition_scanner *scanner,
                             const struct dwarf_sections *sections)
{
    die_reader_init(&scanner->reader, sections);
    fingerprinter_init(&scanner->fingerprinter, &scanner->reader);
    definition_index_init(&scanner->index);
    scanner->versions_seen = 0;
}

void definition_scanner_deinit(struct definition_scanner *scanner)
{
    definition_index_deinit(&scanner->index);
    die_reader_deinit(&scanner->reader);
}

static bool is_c(uint64_t language)
{
    switch (language) {
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case LANGUAGE_C17:
    case LANGUAGE_C23: return true;
    default: return false;
    }
}

/* What is to become of a unit. One that does not say its language may be C. */
static enum unit_outcome judge(struct die_reader *reader, const struct die *unit_die)
{
    uint64_t language;

    if (die_unsigned(reader, unit_die, SLOT_LANGUAGE, &language)) {
        if (!is_c(language))
            return UNIT_NOT_C;
    } else if (unit_die->abbreviation->tag == DW_TAG_partial_unit) {
        return UNIT_IMPORTED;
    }
    if (reader->unit->is_skeleton || die_has(unit_die, SLOT_DWO_NAME))
        return UNIT_SPLIT_OFF;
    return UNIT_READ;
}

/* The children of these hold no type definitions. */
static bool is_leaf(uint16_t tag)
{
    return tag == DW_TAG_enumeration_type || tag == DW_TAG_array_type ||
           tag == DW_TAG_subroutine_type || tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site;
}

/* Handles a struct or union whose attributes were just read. True if its children are still to be
 * walked. */
static struct error *scan_aggregate(struct definition_scanner *scanner, const struct die *die,
                                    uint32_t unit_number, bool *walk_children_ret)
{
    struct die_reader *reader = &scanner->reader;
    bool is_struct = die->abbreviation->tag == DW_TAG_structure_type;
    bool has_nested_types = true;
    uint64_t fingerprint = 0;
    struct dwarf_name name;
    uint64_t is_declaration = 0;

    *walk_children_ret = die->abbreviation->has_children;
    die_unsigned(reader, die, SLOT_DECLARATION, &is_declaration);
    if (is_declaration || !die_text(reader, die, SLOT_NAME, &name))
        return NULL;
    if (is_struct) {
        struct dwarf_cursor behind = reader->cursor;
        fingerprint = fingerprint_struct(&scanner->fingerprinter, die, &has_nested_types);
        if (has_nested_types && !reader->fault)
            reader->cursor = behind;
        else
            *walk_children_ret = false;
    }
    return definition_index_add(&scanner->index, &name,
                                is_struct ? DEFINITION_STRUCT : DEFINITION_UNION, fingerprint,
                                unit_number, die->section_offset);
}

static struct error *scan_dies(struct definition_scanner *scanner, uint32_t unit_number)
{
    struct die_reader *reader = &scanner->reader;
    uint64_t depth = 1;

    while (depth > 0) {
        struct die die = die_read(reader);
        if (!die.abbreviation) {
            if (reader->fault)
                return NULL;
            depth--;
            continue;
        }
        uint16_t tag = die.abbreviation->tag;
        bool walk_children = die.abbreviation->has_children;
        if (tag == DW_TAG_structure_type || tag == DW_TAG_union_type) {
            TRY(scan_aggregate(scanner, &die, unit_number, &walk_children));
        } else if (walk_children && is_leaf(tag)) {
            die_skip_children(reader, &die);
            walk_children = false;
        }
        if (walk_children && ++depth > DEPTH_MAXIMUM) {
            die_reader_fault(reader, "DIEs are nested too deeply");
            return NULL;
        }
    }
    return NULL;
}

/* Reads a unit, if it is WANTED. */
static struct error *scan_unit(struct definition_scanner *scanner, const struct unit *unit,
                               uint32_t unit_number, enum unit_outcome wanted,
                               enum unit_outcome *outcome_ret)
{
    struct die_reader *reader = &scanner->reader;

    *outcome_ret = UNIT_READ;
    TRY(die_reader_enter(reader, unit));
    fingerprinter_enter_unit(&scanner->fingerprinter);
    if (unit->first_die_offset == unit->end_offset)
        return NULL;
    struct die unit_die = die_read(reader);
    if (unit_die.abbreviation)
        *outcome_ret = judge(reader, &unit_die);
    if (unit_die.abbreviation && *outcome_ret == wanted) {
        scanner->versions_seen |= 1u << unit->encoding.version;
        if (unit_die.abbreviation->has_children)
            TRY(scan_dies(scanner, unit_number));
    }
    return die_reader_check(reader);
}

struct error *definition_scan_unit(struct definition_scanner *scanner, const struct unit *unit,
                                   uint32_t unit_number, enum unit_outcome *outcome_ret)
{
    return scan_unit(scanner, unit, unit_number, UNIT_READ, outcome_ret);
}

struct error *definition_scan_imported_unit(struct definition_scanner *scanner,
                                            const struct unit *unit, uint32_t unit_number)
{
    enum unit_outcome outcome;

    return scan_unit(scanner, unit, unit_number, UNIT_IMPORTED, &outcome);
}
