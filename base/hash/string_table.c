/* SPDX-License-Identifier: MIT */
#include "base/hash/string_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024 };

void string_table_init(struct string_table *table)
{
    *table = (struct string_table){.key = hash_key_of_process()};
    arena_init(&table->arena);
}

void string_table_deinit(struct string_table *table)
{
    arena_deinit(&table->arena);
    free(table->texts);
    free(table->hashes);
    slots_deinit(&table->slots);
    *table = (struct string_table){0};
}

static bool is_text(const char *candidate, const char *text, size_t length)
{
    return strncmp(candidate, text, length) == 0 && candidate[length] == '\0';
}

/* The slot that holds the text, or the empty one where it belongs. */
static uint32_t *find_slot(const struct string_table *table, const char *text, size_t length,
                           uint64_t hash)
{
    uint32_t slot = slots_first(&table->slots, hash);

    for (; table->slots.numbers[slot]; slot = slots_next(&table->slots, slot)) {
        uint32_t number = table->slots.numbers[slot] - 1;
        if (table->hashes[number] == hash && is_text(table->texts[number], text, length))
            break;
    }
    return &table->slots.numbers[slot];
}

static uint64_t hash_of(const void *table, uint32_t number)
{
    return ((const struct string_table *)table)->hashes[number];
}

static struct error *grow_texts(struct string_table *table)
{
    uint32_t capacity = table->capacity ? table->capacity * 2 : FIRST_CAPACITY;
    const char **texts = reallocarray(table->texts, capacity, sizeof(*texts));

    if (!texts)
        return error_out_of_memory();
    table->texts = texts;
    uint64_t *hashes = reallocarray(table->hashes, capacity, sizeof(*hashes));
    if (!hashes)
        return error_out_of_memory();
    table->hashes = hashes;
    table->capacity = capacity;
    return NULL;
}

struct error *string_table_intern(struct string_table *table, const char *text, size_t length,
                                  uint32_t *number_ret)
{
    uint64_t hash = keyed_hash(table->key, text, length);

    TRY(slots_reserve(&table->slots, table->count, hash_of, table));
    uint32_t *slot = find_slot(table, text, length, hash);
    if (*slot == 0) {
        if (table->count == table->capacity)
            TRY(grow_texts(table));
        const char *copy = arena_copy_text(&table->arena, text, length);
        if (!copy)
            return error_out_of_memory();
        table->texts[table->count] = copy;
        table->hashes[table->count] = hash;
        *slot = ++table->count;
    }
    *number_ret = *slot - 1;
    return NULL;
}

uint32_t string_table_find(const struct string_table *table, const char *text, size_t length)
{
    if (table->slots.count == 0)
        return STRING_NOT_FOUND;
    return *find_slot(table, text, length, keyed_hash(table->key, text, length)) - 1;
}
