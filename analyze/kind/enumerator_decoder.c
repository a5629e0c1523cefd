/* SPDX-License-Identifier: MIT */
#include "analyze/kind/enumerator_decoder.h"

#include <dwarf.h>
#include <string.h>

struct builder {
    const struct layout_decoding *decoding;
    struct enumerator *enumerators;
    uint32_t count;
};

static struct error *add_enumerator(void *context, const struct libdwarf_die *die)
{
    struct builder *builder = context;
    struct arena *arena = builder->decoding->arena;
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
    enumerator.name = arena_copy_text(arena, enumerator.name, strlen(enumerator.name));
    struct enumerator *enumerators =
        arena_append(arena, builder->enumerators, builder->count, sizeof(enumerator));
    if (!enumerator.name || !enumerators)
        return error_out_of_memory();
    builder->enumerators = enumerators;
    builder->enumerators[builder->count++] = enumerator;
    return NULL;
}

struct error *enumerators_decode(const struct layout_decoding *decoding,
                                 const struct libdwarf_die *die, struct layout *layout)
{
    struct builder builder = {.decoding = decoding};

    TRY(libdwarf_die_for_each_child(die, add_enumerator, &builder));
    layout->enumerators = builder.enumerators;
    layout->enumerator_count = builder.count;
    return NULL;
}
