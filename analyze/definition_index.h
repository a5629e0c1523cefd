/* SPDX-License-Identifier: MIT */
/*
 * The names that are defined in a kernel, with the distinct definitions of each. Every worker fills
 * an index of its own; then they are merged into one that does not depend on who read what.
 */
#ifndef KSTRUCT_ANALYZE_DEFINITION_INDEX_H
#define KSTRUCT_ANALYZE_DEFINITION_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/dwarf/die_reader.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "base/hash/slots.h"
#include "model/kernel_layouts.h"

#define DEFINITION_NONE UINT32_MAX

/* Definitions of one name that have one fingerprint. */
struct definition {
    uint64_t fingerprint;
    uint64_t die_offset; /* of the first in unit order, in its section */
    uint32_t unit;       /* that one's unit, by its number in the unit list */
    uint32_t next;       /* another definition of the name, or DEFINITION_NONE */
    bool is_plain;       /* its name has no other; only after finish */
};

/* In unit order: negative if A comes before B, 0 if they are at one place. */
int definition_compare_places(const struct definition *a, const struct definition *b);

/* What is defined. */
struct definition_key {
    struct dwarf_name name;
    enum definition_kind kind;
    bool is_unnamed; /* an enum without a name; NAME is that of its first enumerator */
};

struct defined_name {
    const char *text; /* points into the mapped file */
    uint64_t key;     /* as in struct dwarf_name */
    enum definition_kind kind;
    bool is_unnamed; /* as above */
    /* Longer than C_NAME_MAXIMUM: it stands for all that begin alike, and has one definition. */
    bool is_too_long;
    uint32_t first; /* definition */
    uint32_t definition_count;
};

/* That a unit has a definition: kept so that a further definition's users can be named. */
struct definition_use {
    uint32_t definition;
    uint32_t unit;
};

struct definition_index {
    struct hash_key hash_key;
    struct defined_name *names;
    uint32_t name_count;
    uint32_t name_capacity;
    struct definition *definitions;
    uint32_t definition_count;
    uint32_t definition_capacity;
    struct definition_use *uses;
    size_t use_count;
    size_t use_capacity;
    struct slots slots; /* of names, by key and kind */
};

void definition_index_init(struct definition_index *index);
void definition_index_deinit(struct definition_index *index);

/* No kernel has more than some ten definitions of one name; a file that claims more is made to
 * harm. */
enum { DEFINITIONS_PER_NAME_MAXIMUM = KERNEL_FURTHER_MAXIMUM + 1 };

/* Notes a definition. Calls come in any order of units. Fails with ERROR_LIMIT for too many
 * definitions of one name, as merge and finish do. */
struct error *definition_index_add(struct definition_index *index, const struct definition_key *key,
                                   uint64_t fingerprint, uint32_t unit,
                                   uint64_t die_offset) MUST_CHECK;

/*
 * Adds all of FROM to INTO, and empties FROM. When all are merged, definition_index_finish() sorts:
 * names by their kind and text, the definitions of each by unit and place, uses by definition
 * and unit, the latter only for names with several. Names with other keys and equal texts become
 * one.
 */
struct error *definition_index_merge(struct definition_index *into,
                                     struct definition_index *from) MUST_CHECK;
struct error *definition_index_finish(struct definition_index *index) MUST_CHECK;

#endif
