/* SPDX-License-Identifier: MIT */
#include "analyze/known_definitions.h"

#include <stdlib.h>

#include "analyze/definition_scan.h"

void known_definitions_init(struct known_definitions *known)
{
    *known = (struct known_definitions){.key = hash_key_of_process()};
}

void known_definitions_deinit(struct known_definitions *known)
{
    free(known->hashes);
    slots_deinit(&known->slots);
    known_definitions_init(known);
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct known_definitions *known = owner;

    return known->hashes[number];
}

static uint64_t hash_definition(struct hash_key key, uint64_t name_key, enum definition_kind kind,
                                bool is_unnamed, uint64_t fingerprint)
{
    struct keyed_hash hash;

    keyed_hash_begin(&hash, key);
    keyed_hash_add(&hash, name_key);
    keyed_hash_add(&hash, is_unnamed ? DEFINITION_KIND_COUNT : (uint64_t)kind);
    keyed_hash_add(&hash, fingerprint);
    return keyed_hash_end(&hash);
}

/* The slot of HASH, or the empty one where it belongs. */
static uint32_t *find_slot(const struct known_definitions *known, uint64_t hash)
{
    uint32_t slot = slots_first(&known->slots, hash);

    while (known->slots.numbers[slot] && known->hashes[known->slots.numbers[slot] - 1] != hash)
        slot = slots_next(&known->slots, slot);
    return &known->slots.numbers[slot];
}

static struct error *add(struct known_definitions *known, uint64_t hash)
{
    TRY(slots_reserve(&known->slots, known->count, hash_of, known));
    uint32_t *slot = find_slot(known, hash);
    if (*slot)
        return NULL;
    if (known->count == known->capacity) {
        uint32_t capacity = known->capacity ? known->capacity * 2 : 16384;
        uint64_t *hashes = reallocarray(known->hashes, capacity, sizeof(*hashes));
        if (!hashes)
            return error_out_of_memory();
        known->hashes = hashes;
        known->capacity = capacity;
    }
    known->hashes[known->count++] = hash;
    *slot = known->count;
    return NULL;
}

static struct error *add_index(struct known_definitions *known,
                               const struct definition_index *index)
{
    for (uint32_t i = 0; i < index->name_count; i++) {
        const struct defined_name *name = &index->names[i];
        for (uint32_t j = name->first; j != DEFINITION_NONE; j = index->definitions[j].next)
            TRY(add(known, hash_definition(known->key, name->key, name->kind, name->is_unnamed,
                                           index->definitions[j].fingerprint)));
    }
    return NULL;
}

static int compare_places(const void *left, const void *right)
{
    return definition_compare_places(left, right);
}

/* Reads the definitions again, in the order of the file. */
static struct error *scan_again(struct definition_scanner *scanner, const struct unit_list *units,
                                struct definition *definitions, size_t count)
{
    if (count > 0)
        qsort(definitions, count, sizeof(*definitions), compare_places);
    for (size_t i = 0; i < count; i++) {
        uint32_t unit = definitions[i].unit;
        if (i == 0 || unit != definitions[i - 1].unit)
            TRY(definition_scan_enter(scanner, &units->units[unit]));
        TRY(definition_scan_one(scanner, unit, definitions[i].die_offset));
    }
    return NULL;
}

/* The first definitions, but of names that are too long: those have no place that counts. */
static size_t list_definitions(const struct definition_index *index, struct definition *list)
{
    size_t count = 0;

    for (uint32_t i = 0; i < index->name_count; i++) {
        if (!index->names[i].is_too_long)
            list[count++] = index->definitions[index->names[i].first];
    }
    return count;
}

struct error *known_definitions_add_all(struct known_definitions *known,
                                        const struct dwarf_sections *sections,
                                        const struct unit_list *units,
                                        const struct definition_index *index)
{
    struct dwarf_sections portable = *sections;
    struct definition_scanner *scanner = malloc(sizeof(*scanner));
    struct definition *list = calloc((size_t)index->name_count + 1, sizeof(*list));
    struct error *error = scanner && list ? NULL : error_out_of_memory();

    portable.are_names_portable = true;
    if (!error) {
        definition_scanner_init(scanner, &portable);
        error = scan_again(scanner, units, list, list_definitions(index, list));
        if (!error)
            error = add_index(known, &scanner->index);
        definition_scanner_deinit(scanner);
    }
    free(scanner);
    free(list);
    return error;
}

bool known_definitions_have(const struct known_definitions *known, const struct definition_key *key,
                            uint64_t fingerprint)
{
    return known->count > 0 &&
           *find_slot(known, hash_definition(known->key, key->name.key, key->kind, key->is_unnamed,
                                             fingerprint)) != 0;
}
