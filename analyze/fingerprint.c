/* SPDX-License-Identifier: MIT */
#include "analyze/fingerprint.h"

#include <dwarf.h>
#include <string.h>

enum { NESTING_MAXIMUM = 64, CHAIN_MAXIMUM = 256 };

/* How a type is used: behind a pointer, its size and whether it is only declared do not matter. */
enum usage { BY_VALUE, BEHIND_POINTER };

struct nesting {
    unsigned depth;
    bool has_nested_types;
};

static uint64_t type_fingerprint(struct fingerprinter *fingerprinter, const struct die *user,
                                 enum usage usage, unsigned depth);

void fingerprinter_init(struct fingerprinter *fingerprinter, struct die_reader *reader)
{
    fingerprinter->reader = reader;
    memset(fingerprinter->cache, 0, sizeof(fingerprinter->cache));
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

/* Mixes a number that may be absent; absent differs from every value. */
static uint64_t mix_number(struct die_reader *reader, const struct die *die,
                           enum attribute_slot slot, uint64_t hash)
{
    uint64_t value;
    struct byte_range block;

    if (!die_has(die, slot))
        return hash;
    if (die_unsigned(reader, die, slot, &value))
        return mix(mix(hash, slot + 1), value);
    if (die_block(reader, die, slot, &block)) {
        hash = mix(hash, 0x100 + slot);
        for (uint64_t i = 0; i < block.byte_size; i++)
            hash = mix(hash, block.bytes[i]);
        return hash;
    }
    return mix(hash, 0x200 + slot);
}

static uint64_t mix_name(struct die_reader *reader, const struct die *die, uint64_t hash)
{
    uint64_t key;

    return mix(hash, die_text_key(reader, die, SLOT_NAME, &key) ? key : UINT64_MAX);
}

static uint64_t mix_member(struct fingerprinter *fingerprinter, const struct die *member,
                           uint64_t hash, unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;

    hash = mix_name(reader, member, hash);
    hash = mix_number(reader, member, SLOT_MEMBER_LOCATION, hash);
    if (UNLIKELY(die_has(member, SLOT_BIT_SIZE))) {
        hash = mix_number(reader, member, SLOT_BIT_SIZE, hash);
        hash = mix_number(reader, member, SLOT_DATA_BIT_OFFSET, hash);
        hash = mix_number(reader, member, SLOT_BIT_OFFSET, hash);
        hash = mix_number(reader, member, SLOT_BYTE_SIZE, hash);
    }
    hash = mix_number(reader, member, SLOT_EXTERNAL, hash);
    return mix(hash, type_fingerprint(fingerprinter, member, BY_VALUE, depth));
}

/* Reads the children of a struct or union up to and with the end of their list. */
static uint64_t mix_members(struct fingerprinter *fingerprinter, uint64_t hash,
                            struct nesting *nesting)
{
    struct die_reader *reader = fingerprinter->reader;

    for (;;) {
        struct die child = die_read(reader);
        if (!child.abbreviation)
            return hash;
        struct dwarf_cursor behind = reader->cursor;
        if (child.abbreviation->tag == DW_TAG_member)
            hash = mix_member(fingerprinter, &child, hash, nesting->depth);
        else
            nesting->has_nested_types = true;
        if (reader->fault)
            return hash;
        reader->cursor = behind;
        die_skip_children(reader, &child);
    }
}

static uint64_t aggregate_fingerprint(struct fingerprinter *fingerprinter, const struct die *die,
                                      struct nesting *nesting)
{
    uint64_t hash = mix(0, die->abbreviation->tag);

    hash = mix_number(fingerprinter->reader, die, SLOT_BYTE_SIZE, hash);
    if (die->abbreviation->has_children)
        hash = mix_members(fingerprinter, hash, nesting);
    return hash;
}

uint64_t fingerprint_struct(struct fingerprinter *fingerprinter, const struct die *die,
                            bool *has_nested_types_ret)
{
    struct nesting nesting = {0};
    uint64_t fingerprint = aggregate_fingerprint(fingerprinter, die, &nesting);

    *has_nested_types_ret = nesting.has_nested_types;
    return fingerprint;
}

/* A named type is told by its name; used by value, also by its size. */
static uint64_t mix_named(struct die_reader *reader, const struct die *die, enum usage usage,
                          uint64_t hash)
{
    hash = mix_name(reader, die, hash);
    if (usage == BY_VALUE)
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
        if (!child.abbreviation || reader->fault)
            return hash;
        struct dwarf_cursor behind = reader->cursor;
        hash = mix(hash, child.abbreviation->tag);
        if (child.abbreviation->tag == DW_TAG_formal_parameter)
            hash = mix(hash, type_fingerprint(fingerprinter, &child, BEHIND_POINTER, depth));
        if (reader->fault)
            return hash;
        reader->cursor = behind;
        die_skip_children(reader, &child);
    }
}

/* Mixes what one DIE of a chain of types says itself. True if the chain goes on at its type. */
static bool mix_link(struct fingerprinter *fingerprinter, const struct die *die, enum usage *usage,
                     unsigned depth, uint64_t *hash)
{
    struct die_reader *reader = fingerprinter->reader;
    struct nesting nesting = {.depth = depth + 1};

    *hash = mix(*hash, die->abbreviation->tag);
    switch (die->abbreviation->tag) {
    case DW_TAG_pointer_type: *usage = BEHIND_POINTER; return true;
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
    case DW_TAG_union_type:
        if (die_has(die, SLOT_NAME))
            *hash = mix_named(reader, die, *usage, *hash);
        else
            *hash = mix(*hash, aggregate_fingerprint(fingerprinter, die, &nesting));
        return false;
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
            return mix(mix(hash, reference.kind), reference.value);
        die_seek(reader, reference.value);
    }
    die_reader_fault(reader, "a chain of types does not end");
    return hash;
}

/* The fingerprint of USER's DW_AT_type. Leaves the reader's cursor somewhere else. */
static uint64_t type_fingerprint(struct fingerprinter *fingerprinter, const struct die *user,
                                 enum usage usage, unsigned depth)
{
    struct die_reader *reader = fingerprinter->reader;
    struct die_reference reference;

    if (!die_reference(reader, user, SLOT_TYPE, &reference))
        return UINT64_MAX;
    if (reference.kind != REFERENCE_IN_UNIT)
        return mix(reference.kind, reference.value);
    if (depth > NESTING_MAXIMUM) {
        die_reader_fault(reader, "types are nested too deeply");
        return 0;
    }
    uint64_t key = ((reference.value << 1 | (usage == BY_VALUE)) << 1 |
                    (reader->unit->section == DWARF_TYPES)) +
                   1;
    uint64_t slot = (reference.value ^ reference.value >> 12) % FINGERPRINT_CACHE_SIZE;
    if (fingerprinter->cache[slot].key == key)
        return fingerprinter->cache[slot].fingerprint;
    die_seek(reader, reference.value);
    uint64_t fingerprint = chain_fingerprint(fingerprinter, usage, depth);
    fingerprinter->cache[slot].key = key;
    fingerprinter->cache[slot].fingerprint = fingerprint;
    return fingerprint;
}
