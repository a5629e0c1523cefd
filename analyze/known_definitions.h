/* SPDX-License-Identifier: MIT */
/*
 * What vmlinux defines, for telling what a module only repeats: nearly all that it includes. A set
 * of names, kinds and fingerprints, the latter made of sections with are_names_portable.
 */
#ifndef KSTRUCT_ANALYZE_KNOWN_DEFINITIONS_H
#define KSTRUCT_ANALYZE_KNOWN_DEFINITIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyze/definition_index.h"
#include "analyze/dwarf/dwarf_sections.h"
#include "analyze/dwarf/unit_list.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "base/hash/slots.h"

/* May be asked by several threads at once. */
struct known_definitions {
    struct hash_key key;
    uint64_t *hashes; /* each of a definition: nobody outside can make two of one hash */
    uint32_t count;
    uint32_t capacity;
    struct slots slots;
};

void known_definitions_init(struct known_definitions *known);
void known_definitions_deinit(struct known_definitions *known);

/* Adds the first definition of each name that INDEX, which is finished, has of a file; fingerprints
 * are made anew. What a name means to a module is the first one, not the further ones. */
struct error *known_definitions_add_all(struct known_definitions *known,
                                        const struct dwarf_sections *sections,
                                        const struct unit_list *units,
                                        const struct definition_index *index) MUST_CHECK;

/* Is it one of those? KEY's name and FINGERPRINT are portable. */
bool known_definitions_have(const struct known_definitions *known, const struct definition_key *key,
                            uint64_t fingerprint);

#endif
