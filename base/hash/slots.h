/* SPDX-License-Identifier: MIT */
/*
 * The slots of a hash table with open addressing, over things that the table's owner keeps by
 * number. What to compare is the owner's business:
 *   for (i = slots_first(slots, hash); slots->numbers[i]; i = slots_next(slots, i))
 *       if (is_it(slots->numbers[i] - 1)) …
 * ends at the thing's slot, or at the empty one where it belongs.
 */
#ifndef KSTRUCT_BASE_HASH_SLOTS_H
#define KSTRUCT_BASE_HASH_SLOTS_H

#include <stdint.h>

#include "base/error.h"

struct slots {
    uint32_t *numbers; /* number + 1, or 0 where empty */
    uint32_t count;    /* a power of two; 0 at first */
};

/* The hash of thing NUMBER. */
typedef uint64_t slots_hash_of(const void *owner, uint32_t number);

/* Makes room for one more thing than the USED that are there: at least half of the slots stay
 * empty. May move all of them. ERROR_LIMIT if there are too many things to have numbers. */
struct error *slots_reserve(struct slots *slots, uint32_t used, slots_hash_of *hash_of,
                            const void *owner) MUST_CHECK;

void slots_deinit(struct slots *slots);

/* By the hash's upper half: a multiplication spreads that best. */
static inline uint32_t slots_first(const struct slots *slots, uint64_t hash)
{
    return (uint32_t)((hash >> 32) * slots->count >> 32);
}

static inline uint32_t slots_next(const struct slots *slots, uint32_t slot)
{
    return (slot + 1) & (slots->count - 1);
}

#endif
