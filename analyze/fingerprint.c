/* SPDX-License-Identifier: MIT */
#include "analyze/fingerprint.h"

#include <dwarf.h>
#include <string.h>

enum { NESTING_MAXIMUM = 64, CHAIN_MAXIMUM = 256, BYTES_PER_LINK = 8 };

/* How a type is used: behind a pointer, its size and whether it is only declared do not matter; by
 * a member without a name, its own members do even if it has one. */
enum usage { BY_VALUE, BEHIND_POINTER, DISSOLVED };

struct nesting {
    unsigned depth;
    bool has_nested_types;
};

static uint64_t type_fingerprint(struct fingerprinter *fingerprinter, const struct die *user,
                                 enum usage usage, unsigned depth);
static uint64_t new_fingerprint(struct fingerprinter *fingerprinter, uint64_t place,
                                enum usage usage, unsigned depth);

/* The fingerprint of the type at PLACE in the unit's section, from the cache if it is there. */
static inline uint64_t place_fingerprint(struct fingerprinter *fingerprinter, uint64_t place,
                                         enum usage usage, unsigned depth)
{
    bool is_type_unit = fingerprinter->reader->unit->section == DWARF_TYPES;
    uint64_t key = (place << 3 | (uint64_t)usage << 1 | is_type_unit) + 1;
    size_t slot = (place ^ place >> 12) % FINGERPRINT_CACHE_SIZE;

    if (fingerprinter->cache[slot].key != key) {
        uint64_t fingerprint = new_fingerprint(fingerprinter, place, usage, depth);
        fingerprinter->cache[slot].key = key;
        fingerprinter->cache[slot].fingerprint = fingerprint;
    }
    return fingerprinter->cache[slot].fingerprint;
}

void fingerprinter_init(struct fingerprinter *fingerprinter, struct die_reader *reader)
{
    fingerprinter->reader = reader;
    memset(fingerprinter->cache, 0, sizeof(fingerprinter->cache));
}

void fingerprinter_enter_unit(struct fingerprinter *fingerprinter)
{
    const struct unit *unit = fingerprinter->reader->unit;

    /* A link takes a DIE, and its result is kept: only bytes made to harm need more than some a
     * byte. */
    fingerprinter->links_left = 1024 + 16 * (unit->end_offset - unit->section_offset);
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

/* A number that may be absent, or a block of bytes: an expression. Absent differs from every
 * number. */
static uint64_t number_fingerprint(struct die_reader *reader, const struct die *die,
                                   enum attribute_slot slot)
{
    uint64_t value;
    struct section_bytes block;

    if (die_unsigned(reader, die, slot, &value))
        return value;
    uint64_t hash = UINT64_MAX - slot;
    if (die_block(reader, die, slot, &block)) {
        for (uint64_t i = 0; i < block.byte_size; i++)
            hash = mix(hash, block.bytes[i]);
    }
    return hash;
}

static uint64_t mix_number(struct die_reader *reader, const struct die *die,
                           enum attribute_slot slot, uint64_t hash)
{
    return mix(hash, number_fingerprint(reader, die, slot));
}

/* What REFERENCE says of a place that is not in the unit: an offset means something in its file
 * only. */
static uint64_t mix_distant(const struct die_reader *reader, uint64_t hash,
                            const struct die_reference *reference)
{
    if (reference->kind != REFERENCE_BY_SIGNATURE)
        hash = mix(hash, reader->sections->file_number);
    return mix(mix(hash, reference->kind), reference->value);
}

static uint64_t mix_name(struct die_reader *reader, const struct die *die, uint64_t hash)
{
    uint64_t key;

    return mix(hash, die_text_key(reader, die, SLOT_NAME, &key) ? key : UINT64_MAX);
}

/* Mixes what every member has. The three are multiplied on their own, so that a processor can do it
 * at once; TYPE is well mixed already. */
static inline uint64_t mix_member(uint64_t hash, uint64_t name_key, uint64_t location,
                                  uint64_t type)
{
    uint64_t member =
        name_key * UINT64_C(0xff51afd7ed558ccd) + location * UINT64_C(0xc4ceb9fe1a85ec53) + type;

    hash = (hash << 23 | hash >> 41) ^ member;
    return hash * UINT64_C(0x9e3779b97f4a7c15);
}

/* A member in whatever form. */
static uint64_t mix_any_member(struct fingerprinter *fingerprinter, const struct die *member,
                               uint64_t hash, unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;
    uint64_t name_key;
    uint64_t location = number_fingerprint(reader, member, SLOT_MEMBER_LOCATION);
    bool has_name = die_text_key(reader, member, SLOT_NAME, &name_key);
    uint64_t type = type_fingerprint(fingerprinter, member, has_name ? BY_VALUE : DISSOLVED, depth);

    if (!has_name)
        name_key = UINT64_MAX;
    hash = mix_member(hash, name_key, location, type);
    if (die_has(member, SLOT_BIT_SIZE)) {
        hash = mix_number(reader, member, SLOT_BIT_SIZE, hash);
        hash = mix_number(reader, member, SLOT_DATA_BIT_OFFSET, hash);
        hash = mix_number(reader, member, SLOT_BIT_OFFSET, hash);
        hash = mix_number(reader, member, SLOT_BYTE_SIZE, hash);
    }
    return hash;
}

/* The same for a plain member: nearly all are, so this is where most of an analysis' time goes. */
static inline uint64_t mix_plain_member(struct fingerprinter *fingerprinter,
                                        const struct die *member, uint64_t hash, unsigned depth)
{
    const struct die_reader *reader = fingerprinter->reader;
    const struct abbreviation *abbreviation = member->abbreviation;
    bool is_big_endian = reader->cursor.is_big_endian;
    const uint8_t *bytes = member->attributes;
    uint64_t name_key = load_unsigned(bytes + abbreviation->name_byte_offset, 4, is_big_endian);
    uint64_t place = reader->unit->section_offset +
                     load_unsigned(bytes + abbreviation->type_byte_offset, 4, is_big_endian);
    uint64_t location = load_unsigned(bytes + abbreviation->location_byte_offset,
                                      abbreviation->location_byte_size, is_big_endian);

    return mix_member(hash, name_key, location,
                      place_fingerprint(fingerprinter, place, BY_VALUE, depth));
}

/* Reads the children of a struct or union up to and with the end of their list. */
static uint64_t mix_members(struct fingerprinter *fingerprinter, uint64_t hash,
                            struct nesting *nesting)
{
    struct die_reader *reader = fingerprinter->reader;
    bool is_portable = reader->sections->are_names_portable;

    for (;;) {
        struct die child = die_read(reader);
        if (!child.abbreviation)
            return hash;
        if (LIKELY(child.abbreviation->is_plain_member && !is_portable))
            hash = mix_plain_member(fingerprinter, &child, hash, nesting->depth);
        else if (child.abbreviation->tag == DW_TAG_member)
            hash = mix_any_member(fingerprinter, &child, hash, nesting->depth);
        else
            nesting->has_nested_types = true;
        if (UNLIKELY(child.abbreviation->has_children))
            die_skip_children(reader, &child);
    }
}

static uint64_t aggregate_fingerprint(struct fingerprinter *fingerprinter, const struct die *die,
                                      struct nesting *nesting)
{
    struct die_reader *reader = fingerprinter->reader;
    const uint8_t *start = reader->cursor.position;
    uint64_t hash = mix(0, die->abbreviation->tag);

    hash = mix_number(reader, die, SLOT_BYTE_SIZE, hash);
    if (die->abbreviation->has_children)
        hash = mix_members(fingerprinter, hash, nesting);
    /* Members read again for a type that is used again are work too. */
    uint64_t work = (uint64_t)(reader->cursor.position - start) / BYTES_PER_LINK;
    fingerprinter->links_left -=
        work < fingerprinter->links_left ? work : fingerprinter->links_left;
    return hash;
}

uint64_t fingerprint_aggregate(struct fingerprinter *fingerprinter, const struct die *die,
                               bool *has_nested_types_ret)
{
    struct nesting nesting = {0};
    uint64_t fingerprint = aggregate_fingerprint(fingerprinter, die, &nesting);

    *has_nested_types_ret = nesting.has_nested_types;
    return fingerprint;
}

uint64_t fingerprint_enum(struct fingerprinter *fingerprinter, const struct die *die,
                          struct dwarf_name *first_ret)
{
    struct die_reader *reader = fingerprinter->reader;
    uint64_t hash = mix_number(reader, die, SLOT_BYTE_SIZE, DW_TAG_enumeration_type);
    bool is_first = true;

    if (!die->abbreviation->has_children)
        return hash;
    for (;;) {
        struct die child = die_read(reader);
        uint64_t name_key = UINT64_MAX;
        if (!child.abbreviation)
            return hash;
        if (is_first && child.abbreviation->tag == DW_TAG_enumerator)
            is_first = !die_text(reader, &child, SLOT_NAME, first_ret);
        die_text_key(reader, &child, SLOT_NAME, &name_key);
        uint64_t value = number_fingerprint(reader, &child, SLOT_CONST_VALUE);
        /* The same bits are -1 in a signed form, and 2^64 - 1 in another. */
        bool is_unsigned =
            child.abbreviation->slots[SLOT_CONST_VALUE].value_class == VALUE_CONSTANT;
        hash = mix_member(hash, name_key, value, (int64_t)value < 0 && is_unsigned);
        if (UNLIKELY(child.abbreviation->has_children))
            die_skip_children(reader, &child);
    }
}

uint64_t fingerprint_base_type(struct fingerprinter *fingerprinter, const struct die *die)
{
    struct die_reader *reader = fingerprinter->reader;

    return mix_number(reader, die, SLOT_ENCODING, mix_number(reader, die, SLOT_BYTE_SIZE, 0));
}

uint64_t fingerprint_typedef(struct fingerprinter *fingerprinter, const struct die *die)
{
    /* More than is needed, and what the members that have this type need anyway. */
    return place_fingerprint(fingerprinter, die->section_offset, BY_VALUE, 0);
}

/* A named type is told by its name; used by value, also by its size. */
static uint64_t mix_named(struct die_reader *reader, const struct die *die, enum usage usage,
                          uint64_t hash)
{
    hash = mix_name(reader, die, hash);
    if (usage != BEHIND_POINTER && die_has(die, SLOT_BYTE_SIZE))
        hash = mix_number(reader, die, SLOT_BYTE_SIZE, hash);
    return hash;
}

static uint64_t mix_dimensions(struct die_reader *reader, uint64_t hash)
{
    for (;;) {
        struct die child = die_read(reader);
        if (!child.abbreviation)
            return hash;
        hash = mix(hash, child.abbreviation->tag);
        hash = mix_number(reader, &child, SLOT_UPPER_BOUND, hash);
        hash = mix_number(reader, &child, SLOT_COUNT, hash);
        die_skip_children(reader, &child);
    }
}

static uint64_t mix_parameters(struct fingerprinter *fingerprinter, uint64_t hash, unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;

    for (;;) {
        struct die child = die_read(reader);
        if (!child.abbreviation)
            return hash;
        hash = mix(hash, child.abbreviation->tag);
        if (child.abbreviation->tag == DW_TAG_formal_parameter)
            hash = mix(hash, type_fingerprint(fingerprinter, &child, BEHIND_POINTER, depth));
        die_skip_children(reader, &child);
    }
}

/* A struct or union that a chain of types ends at. */
static void mix_aggregate(struct fingerprinter *fingerprinter, const struct die *die,
                          enum usage usage, unsigned depth, uint64_t *hash)
{
    struct die_reader *reader = fingerprinter->reader;
    struct nesting nesting = {.depth = depth + 1};
    struct die_reference signature;
    bool has_name = die_has(die, SLOT_NAME);

    if (has_name)
        *hash = mix_named(reader, die, usage, *hash);
    if (die_reference(reader, die, SLOT_SIGNATURE, &signature))
        *hash = mix(*hash, signature.value);
    else if (!has_name || usage == DISSOLVED)
        *hash = mix(*hash, aggregate_fingerprint(fingerprinter, die, &nesting));
}

/* Mixes what one DIE of a chain of types says itself. True if the chain goes on at its type. */
static bool mix_link(struct fingerprinter *fingerprinter, const struct die *die, enum usage *usage,
                     unsigned depth, uint64_t *hash)
{
    struct die_reader *reader = fingerprinter->reader;

    *hash = mix(*hash, die->abbreviation->tag);
    switch (die->abbreviation->tag) {
    case DW_TAG_pointer_type:
        if (die_has(die, SLOT_BYTE_SIZE))
            *hash = mix_number(reader, die, SLOT_BYTE_SIZE, *hash);
        *usage = BEHIND_POINTER;
        return true;
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type: return true;
    case DW_TAG_array_type:
        if (die->abbreviation->has_children)
            *hash = mix_dimensions(reader, *hash);
        return true;
    case DW_TAG_subroutine_type:
        if (die->abbreviation->has_children)
            *hash = mix_parameters(fingerprinter, *hash, depth + 1);
        *usage = BEHIND_POINTER;
        return true;
    case DW_TAG_structure_type:
    case DW_TAG_union_type: mix_aggregate(fingerprinter, die, *usage, depth, hash); return false;
    case DW_TAG_typedef: *hash = mix_name(reader, die, *hash); return *usage != BEHIND_POINTER;
    case DW_TAG_enumeration_type:
        /* A typedef of it has its enumerators. */
        if (!die_has(die, SLOT_NAME)) {
            struct dwarf_name first;
            *hash = mix(*hash, fingerprint_enum(fingerprinter, die, &first));
            return false;
        }
        __attribute__((fallthrough));
    default: *hash = mix_named(reader, die, *usage, *hash); return false;
    }
}

/* Follows a chain of types from the one at the reader's cursor to a name or an end. */
static uint64_t chain_fingerprint(struct fingerprinter *fingerprinter, enum usage usage,
                                  unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;
    uint64_t hash = usage;

    for (unsigned length = 0; length < CHAIN_MAXIMUM; length++) {
        struct die_reference reference;
        if (fingerprinter->links_left-- == 0) {
            die_reader_fault(reader, "types refer to each other without end");
            return hash;
        }
        struct die die = die_read(reader);
        if (!die.abbreviation) {
            die_reader_fault(reader, "a type reference points to the end of a list of DIEs");
            return hash;
        }
        if (!mix_link(fingerprinter, &die, &usage, depth, &hash) || reader->fault)
            return hash;
        if (!die_reference(reader, &die, SLOT_TYPE, &reference))
            return mix(hash, UINT64_MAX);
        if (reference.kind != REFERENCE_IN_UNIT)
            return mix_distant(reader, hash, &reference);
        die_seek(reader, reference.value);
    }
    die_reader_fault(reader, "a chain of types does not end");
    return hash;
}

/* The fingerprint of the type at PLACE in the unit's section, which was not in the cache. The
 * reader's cursor is left where it was, unless there is a fault. */
static uint64_t new_fingerprint(struct fingerprinter *fingerprinter, uint64_t place,
                                enum usage usage, unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;

    if (depth > NESTING_MAXIMUM) {
        die_reader_fault(reader, "types are nested too deeply");
        return 0;
    }
    const struct dwarf_cursor here = reader->cursor;
    die_seek(reader, place);
    uint64_t fingerprint = chain_fingerprint(fingerprinter, usage, depth);
    if (!reader->fault)
        reader->cursor = here;
    return fingerprint;
}

/* The fingerprint of USER's DW_AT_type. */
static uint64_t type_fingerprint(struct fingerprinter *fingerprinter, const struct die *user,
                                 enum usage usage, unsigned depth)
{
    struct die_reference reference;

    if (!die_reference(fingerprinter->reader, user, SLOT_TYPE, &reference))
        return UINT64_MAX;
    if (reference.kind != REFERENCE_IN_UNIT)
        return mix_distant(fingerprinter->reader, 0, &reference);
    return place_fingerprint(fingerprinter, reference.value, usage, depth);
}
