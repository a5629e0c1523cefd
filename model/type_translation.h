/* SPDX-License-Identifier: MIT */
/* Types of one table as types of another. */
#ifndef KSTRUCT_MODEL_TYPE_TRANSLATION_H
#define KSTRUCT_MODEL_TYPE_TRANSLATION_H

#include <stdint.h>

#include "base/error.h"
#include "model/type.h"

/* Remembers what was translated, for one table of origin. */
struct type_translation {
    struct type_table *target;
    const struct type **translated; /* by the number in the table of origin; NULL: not yet */
    uint32_t capacity;
};

void type_translation_init(struct type_translation *translation, struct type_table *target);
void type_translation_deinit(struct type_translation *translation);

/* The target table's type that equals TYPE; added to it with all that it refers to if needed. All
 * types given to one translation must be of one table. */
struct error *type_translate(struct type_translation *translation, const struct type *type,
                             const struct type **type_ret) MUST_CHECK;

#endif
