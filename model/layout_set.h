/* SPDX-License-Identifier: MIT */
/* Distinct layouts, numbered from 0 in the order in which they were added. */
#ifndef KSTRUCT_MODEL_LAYOUT_SET_H
#define KSTRUCT_MODEL_LAYOUT_SET_H

#include "base/error.h"
#include "base/hash/slots.h"
#include "model/layout.h"

/* Begins as zeros. */
struct layout_set {
    const struct layout **layouts; /* COUNT of them, by number; they are others' */
    uint32_t count;
    uint32_t capacity;
    struct slots slots; /* by digest */
};

void layout_set_deinit(struct layout_set *set);

#define LAYOUT_NOT_FOUND UINT32_MAX

/* The number of the layout that equals LAYOUT, whose digest is there; or LAYOUT_NOT_FOUND. */
uint32_t layout_set_find(const struct layout_set *set, const struct layout *layout);

/* Adds one that is not there. */
struct error *layout_set_add(struct layout_set *set, const struct layout *layout) MUST_CHECK;

#endif
