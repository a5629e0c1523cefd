/* SPDX-License-Identifier: MIT */
#include "base/hash/slots.h"

#include <stdlib.h>

enum { FIRST_COUNT = 1024 };

static struct error *grow(struct slots *slots, uint32_t used, slots_hash_of *hash_of,
                          const void *owner)
{
    struct slots grown = {.count = slots->count ? slots->count * 2 : FIRST_COUNT};

    if (grown.count < slots->count)
        return error_create(ERROR_LIMIT, NULL, "more than %u distinct texts or types", used);
    grown.numbers = calloc(grown.count, sizeof(*grown.numbers));
    if (!grown.numbers)
        return error_out_of_memory();
    for (uint32_t number = 0; number < used; number++) {
        uint32_t slot = slots_first(&grown, hash_of(owner, number));
        while (grown.numbers[slot])
            slot = slots_next(&grown, slot);
        grown.numbers[slot] = number + 1;
    }
    slots_deinit(slots);
    *slots = grown;
    return NULL;
}

struct error *slots_reserve(struct slots *slots, uint32_t used, slots_hash_of *hash_of,
                            const void *owner)
{
    return used < slots->count / 2 ? NULL : grow(slots, used, hash_of, owner);
}

void slots_deinit(struct slots *slots)
{
    free(slots->numbers);
    *slots = (struct slots){0};
}
