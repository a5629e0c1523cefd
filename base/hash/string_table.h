/* SPDX-License-Identifier: MIT */
/*
 * Interned strings: each distinct text is kept once and has a number, counted from 0 in the order
 * of first appearance. Equal texts have equal numbers and equal pointers. Not thread-safe.
 */
#ifndef KSTRUCT_BASE_HASH_STRING_TABLE_H
#define KSTRUCT_BASE_HASH_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash/keyed_hash.h"
#include "base/hash/slots.h"

struct string_table {
    struct hash_key key;
    struct arena arena;
    const char **texts; /* COUNT of them, by number */
    uint64_t *hashes;   /* by number */
    uint32_t count;
    uint32_t capacity;
    struct slots slots;
};

#define STRING_NOT_FOUND UINT32_MAX

void string_table_init(struct string_table *table);
void string_table_deinit(struct string_table *table);

/* The number of TEXT's first LENGTH bytes, which is new if they were never seen. The text is
 * copied; table->texts[*number_ret] is valid until deinit. */
struct error *string_table_intern(struct string_table *table, const char *text, size_t length,
                                  uint32_t *number_ret) MUST_CHECK;

/* The number of a text that was interned, or STRING_NOT_FOUND. */
uint32_t string_table_find(const struct string_table *table, const char *text, size_t length);

#endif
