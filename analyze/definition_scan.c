/* SPDX-License-Identifier: MIT */
#include "analyze/definition_scan.h"

#include <dwarf.h>

#include "analyze/known_definitions.h"

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
    scanner->known = NULL;
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

static struct error *add(struct definition_scanner *scanner, const struct definition_key *key,
                         uint64_t fingerprint, uint32_t unit_number, const struct die *die)
{
    if (scanner->known && known_definitions_have(scanner->known, key, fingerprint))
        return NULL;
    return definition_index_add(&scanner->index, key, fingerprint, unit_number,
                                die->section_offset);
}

static bool is_declaration(struct die_reader *reader, const struct die *die)
{
    uint64_t value = 0;

    die_unsigned(reader, die, SLOT_DECLARATION, &value);
    return value != 0;
}

/* Handles a struct or union whose attributes were just read. True if its children are still to be
 * walked. */
static struct error *scan_aggregate(struct definition_scanner *scanner, const struct die *die,
                                    uint32_t unit_number, bool *walk_children_ret)
{
    struct die_reader *reader = &scanner->reader;
    struct definition_key key = {.kind = die->abbreviation->tag == DW_TAG_structure_type
                                             ? DEFINITION_STRUCT
                                             : DEFINITION_UNION};
    bool has_nested_types = true;

    *walk_children_ret = die->abbreviation->has_children;
    if (is_declaration(reader, die) || !die_text(reader, die, SLOT_NAME, &key.name))
        return NULL;
    struct dwarf_cursor after = reader->cursor;
    uint64_t fingerprint = fingerprint_aggregate(&scanner->fingerprinter, die, &has_nested_types);
    if (has_nested_types && !reader->fault)
        reader->cursor = after;
    else
        *walk_children_ret = false;
    return add(scanner, &key, fingerprint, unit_number, die);
}

/* Handles an enum and its children. */
static struct error *scan_enum(struct definition_scanner *scanner, const struct die *die,
                               uint32_t unit_number)
{
    struct die_reader *reader = &scanner->reader;
    struct definition_key key = {.kind = DEFINITION_ENUM};
    struct dwarf_name first = {.text = NULL};
    uint64_t fingerprint = fingerprint_enum(&scanner->fingerprinter, die, &first);

    if (is_declaration(reader, die))
        return NULL;
    if (!die_text(reader, die, SLOT_NAME, &key.name)) {
        if (!first.text)
            return NULL;
        key.name = first;
        key.is_unnamed = true;
    }
    return add(scanner, &key, fingerprint, unit_number, die);
}

/* Handles a typedef or base type. */
static struct error *scan_named_type(struct definition_scanner *scanner, const struct die *die,
                                     uint32_t unit_number)
{
    struct die_reader *reader = &scanner->reader;
    struct definition_key key = {.kind = DEFINITION_TYPEDEF};
    uint64_t fingerprint;

    if (!die_text(reader, die, SLOT_NAME, &key.name))
        return NULL;
    if (die->abbreviation->tag == DW_TAG_typedef) {
        fingerprint = fingerprint_typedef(&scanner->fingerprinter, die);
    } else {
        key.kind = DEFINITION_INT;
        fingerprint = fingerprint_base_type(&scanner->fingerprinter, die);
    }
    return add(scanner, &key, fingerprint, unit_number, die);
}

/* Handles a DIE whose attributes were just read. True if its children are still to be walked. */
static struct error *scan_die(struct definition_scanner *scanner, const struct die *die,
                              uint32_t unit_number, bool *walk_children_ret)
{
    bool has_children = die->abbreviation->has_children;

    *walk_children_ret = false;
    switch (die->abbreviation->tag) {
    case DW_TAG_structure_type:
    case DW_TAG_union_type: return scan_aggregate(scanner, die, unit_number, walk_children_ret);
    case DW_TAG_enumeration_type: return scan_enum(scanner, die, unit_number);
    case DW_TAG_typedef:
    case DW_TAG_base_type: TRY(scan_named_type(scanner, die, unit_number)); break;
    /* The children of these hold no type definitions. */
    case DW_TAG_array_type:
    case DW_TAG_subroutine_type:
    case DW_TAG_call_site:
    case DW_TAG_GNU_call_site: break;
    default: *walk_children_ret = has_children; return NULL;
    }
    if (has_children)
        die_skip_children(&scanner->reader, die);
    return NULL;
}

static struct error *scan_dies(struct definition_scanner *scanner, uint32_t unit_number)
{
    struct die_reader *reader = &scanner->reader;
    uint64_t depth = 1;

    while (depth > 0) {
        bool walk_children;
        struct die die = die_read(reader);
        if (!die.abbreviation) {
            if (reader->fault)
                return NULL;
            depth--;
            continue;
        }
        TRY(scan_die(scanner, &die, unit_number, &walk_children));
        if (walk_children && ++depth > DEPTH_MAXIMUM) {
            die_reader_fault(reader, "DIEs are nested too deeply");
            return NULL;
        }
    }
    return NULL;
}

struct error *definition_scan_enter(struct definition_scanner *scanner, const struct unit *unit)
{
    TRY(die_reader_enter(&scanner->reader, unit));
    fingerprinter_enter_unit(&scanner->fingerprinter);
    return NULL;
}

struct error *definition_scan_one(struct definition_scanner *scanner, uint32_t unit_number,
                                  uint64_t die_offset)
{
    struct die_reader *reader = &scanner->reader;
    bool walk_children;

    die_seek(reader, die_offset);
    struct die die = die_read(reader);
    if (die.abbreviation)
        TRY(scan_die(scanner, &die, unit_number, &walk_children));
    return die_reader_check(reader);
}

/* Reads a unit, if it is WANTED. */
static struct error *scan_unit(struct definition_scanner *scanner, const struct unit *unit,
                               uint32_t unit_number, enum unit_outcome wanted,
                               enum unit_outcome *outcome_ret)
{
    struct die_reader *reader = &scanner->reader;

    *outcome_ret = UNIT_READ;
    TRY(definition_scan_enter(scanner, unit));
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
