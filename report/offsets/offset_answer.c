/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_answer.h"

#include <string.h>

bool offset_kernels_are_related(const struct offset_kernel *a, const struct offset_kernel *b)
{
    return strcmp(a->architecture, b->architecture) == 0 && strcmp(a->flavor, b->flavor) == 0;
}

static bool places_are_equal(const struct offset_place *a, const struct offset_place *b)
{
    if (a->status != b->status)
        return false;
    if (a->status != OFFSET_FOUND)
        return strcmp(a->reason, b->reason) == 0;
    if (a->has_bit_offset != b->has_bit_offset || a->bit_offset != b->bit_offset ||
        a->has_byte_size != b->has_byte_size || a->byte_size != b->byte_size ||
        a->bitfield_size != b->bitfield_size)
        return false;
    if (a->enumerator && b->enumerator)
        return a->enumerator->value == b->enumerator->value &&
               a->enumerator->is_unsigned == b->enumerator->is_unsigned;
    return a->type == b->type ||
           (a->type && b->type && strcmp(type_text(a->type), type_text(b->type)) == 0);
}

static bool hints_are_equal(const struct offset_hint *a, const struct offset_hint *b)
{
    if (a->kind == HINT_NONE || b->kind == HINT_NONE)
        return a->kind == b->kind;
    return a->kind == b->kind && a->has_bit_offset == b->has_bit_offset &&
           a->bit_offset == b->bit_offset && strcmp(a->path, b->path) == 0 &&
           (a->definition_name == b->definition_name ||
            (a->definition_name && b->definition_name &&
             strcmp(a->definition_name, b->definition_name) == 0));
}

static bool modules_are_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool offset_answers_are_equal(const struct offset_answer *a, const struct offset_answer *b)
{
    return places_are_equal(&a->place, &b->place) && hints_are_equal(&a->hint, &b->hint) &&
           modules_are_equal(a->module, b->module);
}
