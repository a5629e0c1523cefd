/* SPDX-License-Identifier: MIT */
/* The units that use a definition whose name has several. */
#ifndef KSTRUCT_ANALYZE_DEFINITION_USERS_H
#define KSTRUCT_ANALYZE_DEFINITION_USERS_H

#include "analyze/definition_index.h"
#include "base/error.h"

/* {0} is none. */
struct definition_users {
    size_t count;
    uint32_t *numbers; /* of units in the unit list; free with free() */
};

/* Adds the units that use definition NUMBER. INDEX must be finished. */
struct error *definition_users_add(const struct definition_index *index, uint32_t number,
                                   struct definition_users *users) MUST_CHECK;

/* Puts them into their order, each once. */
void definition_users_sort(struct definition_users *users);

#endif
