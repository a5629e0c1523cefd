/* SPDX-License-Identifier: MIT */
#include "analyze/kind/enumerator_decoder.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    const struct layout_decoding *decoding;
    struct enumerator *enumerators;
    uint32_t count;
    uint32_t capacity;
};

static struct error *reserve(struct builder *builder)
{
    if (builder->count < builder->capacity)
        return NULL;
    uint32_t capacity = builder->capacity ? builder->capacity * 2 : 64;
    struct enumerator *enumerators =
        reallocarray(builder->enumerators, capacity, sizeof(*builder->enumerators));
    if (!enumerators)
        return error_out_of_memory();
    builder->enumerators = enumerators;
    builder->capacity = capacity;
    return NULL;
}

static struct error *add_enumerator(void *context, const struct libdwarf_die *die)
{
    struct builder *builder = context;
    struct enumerator enumerator = {0};
    bool has_value;

    if (die->tag != DW_TAG_enumerator)
        return NULL;
    TRY(libdwarf_die_name(die, &enumerator.name));
    if (!enumerator.name)
        return libdwarf_die_error(die, ERROR_BAD_DWARF, "an enumerator has no name");
    TRY(libdwarf_die_value(die, DW_AT_const_value, &has_value, &enumerator.value,
                           &enumerator.is_unsigned));
    if (!has_value)
        return libdwarf_die_error(die, ERROR_BAD_DWARF, "an enumerator has no value");
    if (builder->count == LAYOUT_MEMBERS_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "an enum has more than %d enumerators",
                            LAYOUT_MEMBERS_MAXIMUM);
    TRY(layout_budget_take(builder->decoding->budget,
                           sizeof(enumerator) + strlen(enumerator.name) + 1));
    TRY(reserve(builder));
    enumerator.name =
        arena_copy_text(builder->decoding->arena, enumerator.name, strlen(enumerator.name));
    builder->enumerators[builder->count++] = enumerator;
    return enumerator.name ? NULL : error_out_of_memory();
}

static struct error *hand_over(const struct builder *builder, struct layout *layout)
{
    struct enumerator *enumerators =
        arena_allocate(builder->decoding->arena, builder->count, sizeof(*enumerators));

    if (!enumerators)
        return error_out_of_memory();
    if (builder->count > 0)
        memcpy(enumerators, builder->enumerators, builder->count * sizeof(*enumerators));
    layout->enumerators = enumerators;
    layout->enumerator_count = builder->count;
    return NULL;
}

struct error *enumerators_decode(const struct layout_decoding *decoding,
                                 const struct libdwarf_die *die, struct layout *layout)
{
    struct builder builder = {.decoding = decoding};
    struct error *error = libdwarf_die_for_each_child(die, add_enumerator, &builder);

    if (!error)
        error = hand_over(&builder, layout);
    free(builder.enumerators);
    return error;
}
