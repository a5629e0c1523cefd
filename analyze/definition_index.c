/* SPDX-License-Identifier: MIT */
#include "analyze/definition_index.h"

#include <stdlib.h>
#include <string.h>

void definition_index_init(struct definition_index *index)
{
    *index = (struct definition_index){.hash_key = hash_key_of_process()};
}

void definition_index_deinit(struct definition_index *index)
{
    free(index->names);
    free(index->definitions);
    free(index->uses);
    slots_deinit(&index->slots);
    definition_index_init(index);
}

/* What tells names of equal text apart. */
static unsigned scope_of(enum definition_kind kind, bool is_unnamed)
{
    return is_unnamed ? DEFINITION_KIND_COUNT : kind;
}

static uint64_t hash_name(const struct definition_index *index, uint64_t key, unsigned scope)
{
    return keyed_spread(index->hash_key, key * (DEFINITION_KIND_COUNT + 1) + scope);
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct definition_index *index = owner;
    const struct defined_name *name = &index->names[number];

    return hash_name(index, name->key, scope_of(name->kind, name->is_unnamed));
}

/* The slot that holds WANTED's key, or the empty one where it belongs. */
static uint32_t *find_slot(const struct definition_index *index, const struct defined_name *wanted)
{
    unsigned scope = scope_of(wanted->kind, wanted->is_unnamed);
    uint32_t slot = slots_first(&index->slots, hash_name(index, wanted->key, scope));

    for (; index->slots.numbers[slot]; slot = slots_next(&index->slots, slot)) {
        const struct defined_name *name = &index->names[index->slots.numbers[slot] - 1];
        if (name->key == wanted->key && scope_of(name->kind, name->is_unnamed) == scope)
            break;
    }
    return &index->slots.numbers[slot];
}

static struct error *add_name(struct definition_index *index, const struct defined_name *name)
{
    if (index->name_count == index->name_capacity) {
        uint32_t capacity = index->name_capacity ? index->name_capacity * 2 : 8192;
        void *names = reallocarray(index->names, capacity, sizeof(*index->names));
        if (!names)
            return error_out_of_memory();
        index->names = names;
        index->name_capacity = capacity;
    }
    index->names[index->name_count++] = *name;
    return NULL;
}

static struct error *add_definition(struct definition_index *index,
                                    const struct definition *definition)
{
    if (index->definition_count == index->definition_capacity) {
        uint32_t capacity = index->definition_capacity ? index->definition_capacity * 2 : 8192;
        void *definitions =
            capacity ? reallocarray(index->definitions, capacity, sizeof(*index->definitions))
                     : NULL;
        if (!definitions)
            return error_out_of_memory();
        index->definitions = definitions;
        index->definition_capacity = capacity;
    }
    index->definitions[index->definition_count++] = *definition;
    return NULL;
}

static struct error *add_use(struct definition_index *index, uint32_t definition, uint32_t unit)
{
    if (index->use_count == index->use_capacity) {
        size_t capacity = index->use_capacity ? index->use_capacity * 2 : 65536;
        void *uses = reallocarray(index->uses, capacity, sizeof(*index->uses));
        if (!uses)
            return error_out_of_memory();
        index->uses = uses;
        index->use_capacity = capacity;
    }
    index->uses[index->use_count++] = (struct definition_use){definition, unit};
    return NULL;
}

/* The name's entry, new if it was never seen. */
static struct error *intern_name(struct definition_index *index, const struct definition_key *key,
                                 struct defined_name **name_ret)
{
    struct defined_name wanted = {.text = key->name.text,
                                  .key = key->name.key,
                                  .kind = key->kind,
                                  .is_unnamed = key->is_unnamed,
                                  .first = DEFINITION_NONE};

    TRY(slots_reserve(&index->slots, index->name_count, hash_of, index));
    uint32_t *slot = find_slot(index, &wanted);
    if (*slot == 0 && strnlen(wanted.text, C_NAME_MAXIMUM + 1) > C_NAME_MAXIMUM) {
        wanted.is_too_long = true;
        wanted.key = keyed_hash(index->hash_key, wanted.text, C_NAME_MAXIMUM + 1) | KEY_OF_TEXT;
        slot = find_slot(index, &wanted);
    }
    if (*slot == 0) {
        TRY(add_name(index, &wanted));
        *slot = index->name_count;
    }
    *name_ret = &index->names[*slot - 1];
    return NULL;
}

int definition_compare_places(const struct definition *a, const struct definition *b)
{
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    return a->die_offset < b->die_offset ? -1 : a->die_offset > b->die_offset;
}

static struct error *count_definitions(struct defined_name *name, uint32_t added)
{
    name->definition_count += added;
    if (name->definition_count > DEFINITIONS_PER_NAME_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "%s %.*s has more than %d different definitions",
                            definition_kind_texts[name->kind].singular, C_NAME_MAXIMUM, name->text,
                            DEFINITIONS_PER_NAME_MAXIMUM);
    return NULL;
}

/* Finds or adds the definition of NAME that has CANDIDATE's fingerprint; the earlier place stays.
 */
static struct error *intern_definition(struct definition_index *index, struct defined_name *name,
                                       const struct definition *candidate, uint32_t *number_ret)
{
    for (uint32_t i = name->first; i != DEFINITION_NONE; i = index->definitions[i].next) {
        struct definition *definition = &index->definitions[i];
        if (definition->fingerprint != candidate->fingerprint)
            continue;
        if (definition_compare_places(candidate, definition) < 0) {
            definition->unit = candidate->unit;
            definition->die_offset = candidate->die_offset;
        }
        *number_ret = i;
        return NULL;
    }
    TRY(count_definitions(name, 1));
    struct definition added = *candidate;
    added.next = name->first;
    TRY(add_definition(index, &added));
    *number_ret = name->first = index->definition_count - 1;
    return NULL;
}

struct error *definition_index_add(struct definition_index *index, const struct definition_key *key,
                                   uint64_t fingerprint, uint32_t unit, uint64_t die_offset)
{
    struct defined_name *entry;
    uint32_t number = 0;
    struct definition candidate = {
        .fingerprint = fingerprint, .unit = unit, .die_offset = die_offset};

    TRY(intern_name(index, key, &entry));
    if (entry->is_too_long)
        candidate.fingerprint = 0;
    TRY(intern_definition(index, entry, &candidate, &number));
    return add_use(index, number, unit);
}

/* Merges the definitions of one name; NUMBERS says which number each of FROM's has in INTO. */
static struct error *merge_definitions(struct definition_index *into, struct defined_name *entry,
                                       const struct definition_index *from, uint32_t first,
                                       uint32_t *numbers)
{
    for (uint32_t i = first; i != DEFINITION_NONE; i = from->definitions[i].next)
        TRY(intern_definition(into, entry, &from->definitions[i], &numbers[i]));
    return NULL;
}

static struct error *merge(struct definition_index *into, const struct definition_index *from,
                           uint32_t *numbers)
{
    for (uint32_t i = 0; i < from->name_count; i++) {
        const struct defined_name *name = &from->names[i];
        const struct definition_key key = {{name->text, name->key}, name->kind, name->is_unnamed};
        struct defined_name *entry;
        TRY(intern_name(into, &key, &entry));
        TRY(merge_definitions(into, entry, from, name->first, numbers));
    }
    for (size_t i = 0; i < from->use_count; i++)
        TRY(add_use(into, numbers[from->uses[i].definition], from->uses[i].unit));
    return NULL;
}

struct error *definition_index_merge(struct definition_index *into, struct definition_index *from)
{
    uint32_t *numbers = calloc((size_t)from->definition_count + 1, sizeof(*numbers));

    if (!numbers)
        return error_out_of_memory();
    struct error *error = merge(into, from, numbers);
    free(numbers);
    definition_index_deinit(from);
    return error;
}

static int compare_names(const void *left, const void *right)
{
    const struct defined_name *a = left;
    const struct defined_name *b = right;
    int order = (int)scope_of(a->kind, a->is_unnamed) - (int)scope_of(b->kind, b->is_unnamed);

    return order != 0 ? order : strncmp(a->text, b->text, C_NAME_MAXIMUM + 1);
}

static int compare_uses(const void *left, const void *right)
{
    const struct definition_use *a = left;
    const struct definition_use *b = right;

    if (a->definition != b->definition)
        return a->definition < b->definition ? -1 : 1;
    return a->unit == b->unit ? 0 : a->unit < b->unit ? -1 : 1;
}

/* Inserts definition NUMBER where unit order wants it in the list that begins at *FIRST. */
static void insert_in_order(struct definition_index *index, uint32_t *first, uint32_t number)
{
    struct definition *definition = &index->definitions[number];
    uint32_t *link = first;

    while (*link != DEFINITION_NONE &&
           definition_compare_places(&index->definitions[*link], definition) < 0)
        link = &index->definitions[*link].next;
    definition->next = *link;
    *link = number;
}

/* Moves FROM's definitions into INTO, keeping unit order. */
static void absorb_definitions(struct definition_index *index, uint32_t *into, uint32_t from)
{
    while (from != DEFINITION_NONE) {
        uint32_t next = index->definitions[from].next;
        insert_in_order(index, into, from);
        from = next;
    }
}

/* Only the uses of names that have several definitions are ever asked for. */
static void drop_plain_uses(struct definition_index *index)
{
    size_t kept = 0;

    for (uint32_t i = 0; i < index->name_count; i++) {
        uint32_t first = index->names[i].first;
        if (index->definitions[first].next == DEFINITION_NONE)
            index->definitions[first].is_plain = true;
    }
    for (size_t i = 0; i < index->use_count; i++) {
        if (!index->definitions[index->uses[i].definition].is_plain)
            index->uses[kept++] = index->uses[i];
    }
    index->use_count = kept;
}

struct error *definition_index_finish(struct definition_index *index)
{
    uint32_t kept = 0;

    if (index->name_count > 0)
        qsort(index->names, index->name_count, sizeof(*index->names), compare_names);
    for (uint32_t i = 0; i < index->name_count; i++) {
        struct defined_name name = index->names[i];
        uint32_t definitions = name.first;
        bool is_same = kept > 0 && compare_names(&index->names[kept - 1], &name) == 0;
        if (!is_same) {
            name.first = DEFINITION_NONE;
            index->names[kept++] = name;
        } else {
            TRY(count_definitions(&index->names[kept - 1], name.definition_count));
        }
        absorb_definitions(index, &index->names[kept - 1].first, definitions);
    }
    index->name_count = kept;
    drop_plain_uses(index);
    if (index->use_count > 0)
        qsort(index->uses, index->use_count, sizeof(*index->uses), compare_uses);
    slots_deinit(&index->slots);
    return NULL;
}
