/* SPDX-License-Identifier: MIT */
#include "model/layout_set.h"

#include <stdlib.h>
#include <string.h>

void layout_set_deinit(struct layout_set *set)
{
    free(set->layouts);
    slots_deinit(&set->slots);
    *set = (struct layout_set){0};
}

/* A digest is as good as a random number. */
static uint64_t hash_of_layout(const struct layout *layout)
{
    uint64_t hash;

    memcpy(&hash, layout->digest, sizeof(hash));
    return hash;
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct layout_set *set = owner;

    return hash_of_layout(set->layouts[number]);
}

/* The slot of the layout that equals LAYOUT, or the empty one where it belongs. */
static uint32_t *find_slot(const struct layout_set *set, const struct layout *layout)
{
    uint32_t slot = slots_first(&set->slots, hash_of_layout(layout));

    while (set->slots.numbers[slot] &&
           !layouts_are_equal(set->layouts[set->slots.numbers[slot] - 1], layout))
        slot = slots_next(&set->slots, slot);
    return &set->slots.numbers[slot];
}

uint32_t layout_set_find(const struct layout_set *set, const struct layout *layout)
{
    uint32_t number = set->count > 0 ? *find_slot(set, layout) : 0;

    return number > 0 ? number - 1 : LAYOUT_NOT_FOUND;
}

struct error *layout_set_add(struct layout_set *set, const struct layout *layout)
{
    TRY(slots_reserve(&set->slots, set->count, hash_of, set));
    if (set->count == set->capacity) {
        uint32_t capacity = set->capacity ? set->capacity * 2 : 4096;
        const struct layout **layouts =
            capacity ? reallocarray(set->layouts, capacity, sizeof(*layouts)) : NULL;
        if (!layouts)
            return error_out_of_memory();
        set->layouts = layouts;
        set->capacity = capacity;
    }
    set->layouts[set->count++] = layout;
    *find_slot(set, layout) = set->count;
    return NULL;
}
