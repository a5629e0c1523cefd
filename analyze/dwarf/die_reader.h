/* SPDX-License-Identifier: MIT */
/*
 * Reads the DIEs of one unit straight from the section's bytes: as much of DWARF as finding and
 * comparing type definitions needs, made for walking millions of DIEs.
 *
 * Errors in the bytes do not stop a caller at once: the reader keeps the first one, hands out ends
 * of lists and absent attributes from then on, and tells at the end, by die_reader_check().
 */
#ifndef KSTRUCT_ANALYZE_DWARF_DIE_READER_H
#define KSTRUCT_ANALYZE_DWARF_DIE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/dwarf/abbreviation.h"
#include "analyze/dwarf/dwarf_cursor.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_list.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "model/type.h"

struct die_reader {
    struct hash_key hash_key;
    const struct dwarf_sections *sections;
    const struct unit *unit;
    struct abbreviation_table abbreviations; /* the unit's */
    const uint8_t *section_bytes;            /* of the unit's section */
    struct dwarf_cursor cursor;              /* after the DIE that was read last */
    uint64_t str_offsets_base;               /* in .debug_str_offsets */
    const char *fault;                       /* NULL: none; static */
    uint64_t fault_offset;
};

struct die {
    const struct abbreviation *abbreviation; /* NULL: the end of a list of siblings */
    const uint8_t *attributes;
    const uint8_t *attributes_end;
    uint64_t section_offset;
};

/* What a reference points to. */
struct die_reference {
    enum {
        REFERENCE_IN_UNIT,
        REFERENCE_IN_SECTION,   /* another unit of .debug_info */
        REFERENCE_BY_SIGNATURE, /* a type unit */
        REFERENCE_ELSEWHERE,    /* a supplementary file */
    } kind;
    uint64_t value; /* an offset in the section, or the signature as stored */
};

#define KEY_OF_TEXT (UINT64_C(1) << 63)

struct dwarf_name {
    const char *text; /* points into the mapped file */
    /* Names of one file with equal keys have equal texts. Not the other way round, though linkers
     * merge equal texts, so that it nearly always holds. It is an offset in .debug_str, or from
     * KEY_OF_TEXT on made from the text itself, as all are of sections with are_names_portable. */
    uint64_t key;
};

void die_reader_init(struct die_reader *reader, const struct dwarf_sections *sections);
void die_reader_deinit(struct die_reader *reader);

/* Turns to a unit: loads its abbreviations, puts the cursor at its first DIE, forgets a fault. */
struct error *die_reader_enter(struct die_reader *reader, const struct unit *unit) MUST_CHECK;

/* The error that was met since the unit was entered, or NULL. */
struct error *die_reader_check(const struct die_reader *reader) MUST_CHECK;

/* Keeps a fault, if it is the first, and moves the cursor to the unit's end. REASON is static. */
void die_reader_fault(struct die_reader *reader, const char *reason);

/* Reads the DIE at the cursor and moves after its attributes. */
static inline struct die die_read(struct die_reader *reader);

/* Moves the cursor, which is after DIE's attributes, after its children. */
void die_skip_children(struct die_reader *reader, const struct die *die);

/* Where the cursor is in the unit's section. */
static inline uint64_t die_reader_offset(const struct die_reader *reader)
{
    return (uint64_t)(reader->cursor.position - reader->section_bytes);
}

/* Puts the cursor at a DIE of this unit; a fault if it lies outside. */
static inline void die_seek(struct die_reader *reader, uint64_t section_offset);

/* Is the attribute there? */
static inline bool die_has(const struct die *die, enum attribute_slot slot)
{
    return die->abbreviation->slots[slot].value_class != VALUE_ABSENT;
}

/* A constant or flag. False if the attribute is absent or of another class. Signed forms are
 * sign-extended. */
static inline bool die_unsigned(struct die_reader *reader, const struct die *die,
                                enum attribute_slot slot, uint64_t *value_ret);

/* The raw bytes of an attribute that is an expression or block; false if absent or not one. */
bool die_block(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
               struct section_bytes *block_ret);

/* False if the attribute is absent or no reference. */
static inline bool die_reference(struct die_reader *reader, const struct die *die,
                                 enum attribute_slot slot, struct die_reference *reference_ret);

/* A text attribute; false if absent. */
static inline bool die_text(struct die_reader *reader, const struct die *die,
                            enum attribute_slot slot, struct dwarf_name *name_ret);

/* Its key alone, without a look at the text. */
static inline bool die_text_key(struct die_reader *reader, const struct die *die,
                                enum attribute_slot slot, uint64_t *key_ret);

/* The key of a text that is not in .debug_str: a short one's own bytes, a longer one's hash. Texts
 * longer than C_NAME_MAXIMUM are no names: those that begin alike have one key. */
static inline uint64_t text_key(const struct die_reader *reader, const char *text)
{
    uint64_t key = KEY_OF_TEXT;

    for (unsigned i = 0; text[i] != '\0'; i++) {
        if (i == 7)
            return keyed_hash(reader->hash_key, text, strnlen(text, C_NAME_MAXIMUM + 1)) |
                   KEY_OF_TEXT;
        key |= (uint64_t)(unsigned char)text[i] << (8 * i);
    }
    return key;
}

/* What follows is the fast way of each of the above: for the common forms at fixed places. The slow
 * ways are in die_reader.c. */

enum { DIE_SHORT_TEXT = 16 };

struct die die_read_slowly(struct die_reader *reader);
bool die_unsigned_slowly(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
                         uint64_t *value_ret);
bool die_text_slowly(struct die_reader *reader, const struct die *die, enum attribute_slot slot,
                     struct dwarf_name *name_ret);
bool die_reference_slowly(struct die_reader *reader, const struct die *die,
                          enum attribute_slot slot, struct die_reference *reference_ret);

/* The bytes of a DIE that begins with a text; ABBREVIATION_SIZE_VARIES if that is long or does not
 * end. */
static inline uint32_t die_begun_with_text_size(const struct abbreviation *abbreviation,
                                                const uint8_t *text, size_t left)
{
    for (uint32_t length = 0; length < DIE_SHORT_TEXT && length < left; length++) {
        if (text[length] == '\0')
            return length + 1 + abbreviation->byte_size_after_varying;
    }
    return ABBREVIATION_SIZE_VARIES;
}

static inline struct die die_read(struct die_reader *reader)
{
    struct dwarf_cursor *cursor = &reader->cursor;
    const uint8_t *position = cursor->position;
    size_t left = cursor_left(cursor);
    uint8_t code = LIKELY(left > 0) ? *position : 0xff;
    struct die die = {.section_offset = (uint64_t)(position - reader->section_bytes)};

    if (code == 0) {
        cursor->position = position + 1;
        return die;
    }
    /* Codes from 128 on have more bytes. */
    if (UNLIKELY(code >= 0x80 || code >= reader->abbreviations.count))
        return die_read_slowly(reader);
    const struct abbreviation *abbreviation = &reader->abbreviations.abbreviations[code];
    uint32_t byte_size = abbreviation->attributes_byte_size;
    if (abbreviation->begins_with_text)
        byte_size = die_begun_with_text_size(abbreviation, position + 1, left - 1);
    if (UNLIKELY(byte_size >= left || byte_size == ABBREVIATION_SIZE_VARIES ||
                 abbreviation->tag == 0))
        return die_read_slowly(reader);
    die.abbreviation = abbreviation;
    die.attributes = position + 1;
    die.attributes_end = position + 1 + byte_size;
    cursor->position = die.attributes_end;
    return die;
}

static inline void die_seek(struct die_reader *reader, uint64_t section_offset)
{
    if (UNLIKELY(section_offset < reader->unit->first_die_offset ||
                 section_offset >= reader->unit->end_offset))
        die_reader_fault(reader, "a reference points out of its unit");
    else if (LIKELY(!reader->fault))
        reader->cursor.position = reader->section_bytes + section_offset;
}

static inline const struct attribute_specification *
die_specifications(const struct die_reader *reader, const struct die *die)
{
    return &reader->abbreviations.specifications[die->abbreviation->first_specification];
}

static inline const uint8_t *die_place(const struct die *die, const struct attribute_place *place)
{
    return place->is_from_end ? die->attributes_end - place->byte_offset
                              : die->attributes + place->byte_offset;
}

static inline uint64_t die_load(const struct die_reader *reader, const struct die *die,
                                const struct attribute_place *place)
{
    return load_unsigned(die_place(die, place), place->byte_size, reader->cursor.is_big_endian);
}

static inline bool die_unsigned(struct die_reader *reader, const struct die *die,
                                enum attribute_slot slot, uint64_t *value_ret)
{
    const struct attribute_place *place = &die->abbreviation->slots[slot];

    if (place->value_class == VALUE_ABSENT)
        return false;
    if (LIKELY(place->value_class == VALUE_CONSTANT)) {
        *value_ret = die_load(reader, die, place);
        return true;
    }
    if (place->value_class != VALUE_IMPLICIT)
        return die_unsigned_slowly(reader, die, slot, value_ret);
    *value_ret = (uint64_t)die_specifications(reader, die)[place->specification].implicit_value;
    return true;
}

static inline bool die_reference(struct die_reader *reader, const struct die *die,
                                 enum attribute_slot slot, struct die_reference *reference_ret)
{
    const struct attribute_place *place = &die->abbreviation->slots[slot];

    if (place->value_class == VALUE_ABSENT)
        return false;
    if (UNLIKELY(place->value_class != VALUE_UNIT_REFERENCE))
        return die_reference_slowly(reader, die, slot, reference_ret);
    reference_ret->kind = REFERENCE_IN_UNIT;
    return !__builtin_add_overflow(reader->unit->section_offset, die_load(reader, die, place),
                                   &reference_ret->value);
}

static inline bool die_text(struct die_reader *reader, const struct die *die,
                            enum attribute_slot slot, struct dwarf_name *name_ret)
{
    const struct attribute_place *place = &die->abbreviation->slots[slot];
    const struct section_bytes *texts = &reader->sections->ranges[DWARF_STR];

    if (place->value_class == VALUE_ABSENT)
        return false;
    if (LIKELY(place->value_class == VALUE_STR_OFFSET)) {
        name_ret->key = die_load(reader, die, place);
        /* dwarf_sections_find() has seen to it that every text ends inside its section. */
        if (LIKELY(name_ret->key < texts->byte_size)) {
            name_ret->text = (const char *)texts->bytes + name_ret->key;
            if (reader->sections->are_names_portable)
                name_ret->key = text_key(reader, name_ret->text);
            return true;
        }
    }
    return die_text_slowly(reader, die, slot, name_ret);
}

static inline bool die_text_key(struct die_reader *reader, const struct die *die,
                                enum attribute_slot slot, uint64_t *key_ret)
{
    const struct attribute_place *place = &die->abbreviation->slots[slot];
    struct dwarf_name name;

    if (place->value_class == VALUE_ABSENT)
        return false;
    if (LIKELY(place->value_class == VALUE_STR_OFFSET && !reader->sections->are_names_portable)) {
        *key_ret = die_load(reader, die, place);
        return true;
    }
    if (slot == SLOT_NAME && die->abbreviation->begins_with_text) {
        *key_ret = text_key(reader, (const char *)die->attributes);
        return true;
    }
    if (!die_text(reader, die, slot, &name))
        return false;
    *key_ret = name.key;
    return true;
}

#endif
