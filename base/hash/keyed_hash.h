/* SPDX-License-Identifier: MIT */
/*
 * Hashes for tables over foreign names: SipHash-1-3 with a key that nobody outside knows, so that
 * nobody can make names that all fall into one slot. They differ from run to run: nothing that is
 * written, and no order, may depend on them.
 */
#ifndef KSTRUCT_BASE_HASH_KEYED_HASH_H
#define KSTRUCT_BASE_HASH_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t words[2];
};

/* This process's key: random, and the same as long as it runs. */
struct hash_key hash_key_of_process(void);

uint64_t keyed_hash(struct hash_key key, const void *bytes, size_t length);

/* A hash of words that come one by one, the same on every machine. */
struct keyed_hash {
    uint64_t state[4];
};

void keyed_hash_begin(struct keyed_hash *hash, struct hash_key key);
void keyed_hash_add(struct keyed_hash *hash, uint64_t word);
uint64_t keyed_hash_end(struct keyed_hash *hash);

/* A hash, good in its upper half, of a number that is foreign but nearly as good as spread: a
 * multiplication by the key is enough. */
static inline uint64_t keyed_spread(struct hash_key key, uint64_t number)
{
    return number * (key.words[0] | 1);
}

/* The first slot of SLOT_COUNT (at most 2^32) to look for such a number in. */
static inline uint32_t keyed_slot(struct hash_key key, uint64_t number, uint32_t slot_count)
{
    return (uint32_t)((keyed_spread(key, number) >> 32) * slot_count >> 32);
}

#endif
