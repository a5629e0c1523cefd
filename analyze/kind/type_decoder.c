/* SPDX-License-Identifier: MIT */
#include "analyze/kind/type_decoder.h"

#include <dwarf.h>
#include <stdlib.h>

enum {
    FIRST_CAPACITY = 16384,
    CHAIN_MAXIMUM = 256,
    DIMENSIONS_MAXIMUM = 64,
    PARAMETERS_MAXIMUM = 1024
};

static struct error *decode_at(struct type_decoder *decoder, struct die_place place, unsigned depth,
                               const struct type **type_ret);

void type_decoder_init(struct type_decoder *decoder, struct libdwarf_reader *reader)
{
    *decoder = (struct type_decoder){.reader = reader, .hash_key = hash_key_of_process()};
    type_table_init(&decoder->types);
}

void type_decoder_deinit(struct type_decoder *decoder)
{
    type_table_deinit(&decoder->types);
    free(decoder->decoded);
    *decoder = (struct type_decoder){0};
}

static uint64_t place_key(struct die_place place)
{
    return (place.section_offset << 1 | (place.section == DWARF_TYPES)) + 1;
}

/* The slot that holds the place, or the empty one where it belongs. */
static struct decoded_type *find_slot(const struct type_decoder *decoder, uint64_t key)
{
    uint32_t mask = decoder->decoded_capacity - 1;
    uint32_t i = keyed_slot(decoder->hash_key, key, decoder->decoded_capacity);

    while (decoder->decoded[i].key != 0 && decoder->decoded[i].key != key)
        i = (i + 1) & mask;
    return &decoder->decoded[i];
}

static struct error *grow(struct type_decoder *decoder)
{
    struct decoded_type *old = decoder->decoded;
    uint32_t old_capacity = decoder->decoded_capacity;
    uint32_t capacity = old_capacity ? old_capacity * 2 : FIRST_CAPACITY;
    struct decoded_type *decoded = capacity ? calloc(capacity, sizeof(*decoded)) : NULL;

    if (!decoded)
        return error_out_of_memory();
    decoder->decoded = decoded;
    decoder->decoded_capacity = capacity;
    for (uint32_t i = 0; i < old_capacity; i++) {
        if (old[i].key != 0)
            *find_slot(decoder, old[i].key) = old[i];
    }
    free(old);
    return NULL;
}

/* What is known of the type at PLACE; new if nothing is. Valid until the next call. */
static struct error *remember(struct type_decoder *decoder, struct die_place place,
                              struct decoded_type **entry_ret)
{
    if (decoder->decoded_count >= decoder->decoded_capacity / 2)
        TRY(grow(decoder));
    struct decoded_type *entry = find_slot(decoder, place_key(place));
    if (entry->key == 0) {
        entry->key = place_key(place);
        decoder->decoded_count++;
    }
    *entry_ret = entry;
    return NULL;
}

static struct error *decode_void(struct type_decoder *decoder, const struct type **type_ret)
{
    return type_intern(&decoder->types, &(struct type){.kind = TYPE_VOID}, type_ret);
}

/* The type that DIE refers to, or void. */
static struct error *decode_target(struct type_decoder *decoder, const struct libdwarf_die *die,
                                   unsigned depth, const struct type **type_ret)
{
    struct die_place place;
    bool has_type;

    TRY(libdwarf_die_type(die, &has_type, &place));
    if (!has_type)
        return decode_void(decoder, type_ret);
    return decode_at(decoder, place, depth + 1, type_ret);
}

static struct error *decode_named(struct type_decoder *decoder, const struct libdwarf_die *die,
                                  enum type_kind kind, const struct type **type_ret)
{
    struct type type = {.kind = kind};

    TRY(libdwarf_die_name(die, &type.name));
    if (!type.name)
        type.name = TYPE_ANONYMOUS;
    return type_intern(&decoder->types, &type, type_ret);
}

static struct error *decode_wrapper(struct type_decoder *decoder, const struct libdwarf_die *die,
                                    unsigned depth, enum type_kind kind,
                                    const struct type **type_ret)
{
    struct type type = {.kind = kind};

    TRY(decode_target(decoder, die, depth, &type.target));
    return type_intern(&decoder->types, &type, type_ret);
}

/* One dimension's elements: a count, or an upper bound; 0 where neither is a constant. An upper
 * bound of -1, in whatever width, is how older compilers write an array of no elements. */
static struct error *decode_dimension(const struct libdwarf_die *die, uint64_t *elements_ret)
{
    bool has_value;
    uint64_t value;
    struct error *error = libdwarf_die_number(die, DW_AT_count, &has_value, &value);

    if (!error && !has_value) {
        error = libdwarf_die_number(die, DW_AT_upper_bound, &has_value, &value);
        value = value == UINT32_MAX ? 0 : value + 1;
    }
    if (error && error->code == ERROR_BAD_DWARF) {
        /* The bound of a variable-length array is an expression or refers to a variable. */
        error_destroy(error);
        has_value = false;
        error = NULL;
    }
    *elements_ret = has_value ? value : 0;
    return error;
}

struct dimensions {
    uint32_t count;
    uint64_t elements[DIMENSIONS_MAXIMUM];
};

static struct error *visit_dimension(void *context, const struct libdwarf_die *child)
{
    struct dimensions *dimensions = context;

    if (child->tag != DW_TAG_subrange_type)
        return NULL;
    if (dimensions->count == DIMENSIONS_MAXIMUM)
        return libdwarf_die_error(child, ERROR_LIMIT, "an array has more than %d dimensions",
                                  DIMENSIONS_MAXIMUM);
    return decode_dimension(child, &dimensions->elements[dimensions->count++]);
}

static struct error *decode_array(struct type_decoder *decoder, const struct libdwarf_die *die,
                                  unsigned depth, const struct type **type_ret)
{
    struct dimensions dimensions = {0};
    struct type type = {.kind = TYPE_ARRAY, .dimensions = dimensions.elements};

    TRY(libdwarf_die_for_each_child(die, visit_dimension, &dimensions));
    /* An array without a range says as little of its length as a flexible one. */
    if (dimensions.count == 0)
        dimensions.elements[dimensions.count++] = 0;
    type.count = dimensions.count;
    TRY(decode_target(decoder, die, depth, &type.target));
    return type_intern(&decoder->types, &type, type_ret);
}

struct parameters {
    struct type_decoder *decoder;
    unsigned depth;
    uint32_t count;
    uint32_t capacity;
    const struct type **types;
};

static struct error *visit_parameter(void *context, const struct libdwarf_die *child)
{
    struct parameters *parameters = context;
    const struct type *type;

    if (child->tag == DW_TAG_formal_parameter)
        TRY(decode_target(parameters->decoder, child, parameters->depth, &type));
    else if (child->tag == DW_TAG_unspecified_parameters)
        TRY(decode_void(parameters->decoder, &type));
    else
        return NULL;
    if (parameters->count == PARAMETERS_MAXIMUM)
        return libdwarf_die_error(child, ERROR_LIMIT, "a function has more than %d parameters",
                                  PARAMETERS_MAXIMUM);
    if (parameters->count == parameters->capacity) {
        uint32_t capacity = parameters->capacity ? parameters->capacity * 2 : 8;
        const struct type **types =
            reallocarray(parameters->types, capacity, sizeof(*parameters->types));
        if (!types)
            return error_out_of_memory();
        parameters->types = types;
        parameters->capacity = capacity;
    }
    parameters->types[parameters->count++] = type;
    return NULL;
}

static struct error *decode_function(struct type_decoder *decoder, const struct libdwarf_die *die,
                                     unsigned depth, const struct type **type_ret)
{
    struct parameters parameters = {.decoder = decoder, .depth = depth};
    struct type type = {.kind = TYPE_FUNC_PROTO};
    struct error *error = libdwarf_die_for_each_child(die, visit_parameter, &parameters);

    type.count = parameters.count;
    type.parameters = parameters.types;
    if (!error)
        error = decode_target(decoder, die, depth, &type.target);
    if (!error)
        error = type_intern(&decoder->types, &type, type_ret);
    free(parameters.types);
    return error;
}

static struct error *decode_die(struct type_decoder *decoder, const struct libdwarf_die *die,
                                unsigned depth, const struct type **type_ret)
{
    const char *tag_name = NULL;

    switch (die->tag) {
    case DW_TAG_base_type: return decode_named(decoder, die, TYPE_INT, type_ret);
    case DW_TAG_typedef: return decode_named(decoder, die, TYPE_TYPEDEF, type_ret);
    case DW_TAG_enumeration_type: return decode_named(decoder, die, TYPE_ENUM, type_ret);
    case DW_TAG_structure_type: return decode_named(decoder, die, TYPE_STRUCT, type_ret);
    case DW_TAG_union_type: return decode_named(decoder, die, TYPE_UNION, type_ret);
    case DW_TAG_pointer_type: return decode_wrapper(decoder, die, depth, TYPE_PTR, type_ret);
    case DW_TAG_const_type: return decode_wrapper(decoder, die, depth, TYPE_CONST, type_ret);
    case DW_TAG_volatile_type: return decode_wrapper(decoder, die, depth, TYPE_VOLATILE, type_ret);
    case DW_TAG_restrict_type: return decode_wrapper(decoder, die, depth, TYPE_RESTRICT, type_ret);
    case DW_TAG_atomic_type: return decode_wrapper(decoder, die, depth, TYPE_ATOMIC, type_ret);
    case DW_TAG_array_type: return decode_array(decoder, die, depth, type_ret);
    case DW_TAG_subroutine_type: return decode_function(decoder, die, depth, type_ret);
    case DW_TAG_unspecified_type: return decode_void(decoder, type_ret);
    default:
        dwarf_get_TAG_name(die->tag, &tag_name);
        return libdwarf_die_error(die, ERROR_UNSUPPORTED, "a member's type is no C type (%s)",
                                  tag_name ? tag_name : "unknown tag");
    }
}

static struct error *decode_at(struct type_decoder *decoder, struct die_place place, unsigned depth,
                               const struct type **type_ret)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};
    struct decoded_type *entry;

    TRY(remember(decoder, place, &entry));
    if (entry->type) {
        *type_ret = entry->type;
        return NULL;
    }
    TRY(libdwarf_die_open(decoder->reader, place, &die));
    if (depth > CHAIN_MAXIMUM)
        return libdwarf_die_error(&die, ERROR_BAD_DWARF, "a chain of types does not end");
    TRY(decode_die(decoder, &die, depth, type_ret));
    TRY(remember(decoder, place, &entry));
    entry->type = *type_ret;
    return NULL;
}

struct error *type_decode(struct type_decoder *decoder, bool has_type, struct die_place place,
                          const struct type **type_ret)
{
    return has_type ? decode_at(decoder, place, 0, type_ret) : decode_void(decoder, type_ret);
}

/* Does the size of such a type follow from its target's? */
static bool passes_size_on(unsigned tag)
{
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

static struct error *byte_size_of(struct type_decoder *decoder, struct die_place place,
                                  unsigned depth, uint64_t *byte_size_ret);

static struct error *target_byte_size(struct type_decoder *decoder, const struct libdwarf_die *die,
                                      unsigned depth, uint64_t *byte_size_ret)
{
    struct die_place place;
    bool has_type;

    *byte_size_ret = 0;
    TRY(libdwarf_die_type(die, &has_type, &place));
    return has_type ? byte_size_of(decoder, place, depth + 1, byte_size_ret) : NULL;
}

static struct error *array_byte_size(struct type_decoder *decoder, struct die_place place,
                                     const struct libdwarf_die *die, unsigned depth,
                                     uint64_t *byte_size_ret)
{
    const struct type *type;
    uint64_t element_byte_size;

    TRY(decode_at(decoder, place, depth, &type));
    TRY(target_byte_size(decoder, die, depth, &element_byte_size));
    if (__builtin_mul_overflow(type_element_count(type), element_byte_size, byte_size_ret))
        return libdwarf_die_error(die, ERROR_BAD_DWARF, "an array is larger than any memory");
    return NULL;
}

static struct error *compute_byte_size(struct type_decoder *decoder, struct die_place place,
                                       const struct libdwarf_die *die, unsigned depth,
                                       uint64_t *byte_size_ret)
{
    bool has_size;

    TRY(libdwarf_die_number(die, DW_AT_byte_size, &has_size, byte_size_ret));
    if (has_size)
        return NULL;
    if (die->tag == DW_TAG_pointer_type) {
        /* clang leaves it to the unit's header. */
        *byte_size_ret = die->unit->unit->encoding.address_byte_size;
        return NULL;
    }
    if (passes_size_on(die->tag))
        return target_byte_size(decoder, die, depth, byte_size_ret);
    if (die->tag == DW_TAG_array_type)
        return array_byte_size(decoder, place, die, depth, byte_size_ret);
    return NULL;
}

static struct error *byte_size_of(struct type_decoder *decoder, struct die_place place,
                                  unsigned depth, uint64_t *byte_size_ret)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};
    struct decoded_type *entry;

    TRY(remember(decoder, place, &entry));
    if (entry->has_byte_size) {
        *byte_size_ret = entry->byte_size;
        return NULL;
    }
    TRY(libdwarf_die_open(decoder->reader, place, &die));
    if (depth > CHAIN_MAXIMUM)
        return libdwarf_die_error(&die, ERROR_BAD_DWARF, "a chain of types does not end");
    TRY(compute_byte_size(decoder, place, &die, depth, byte_size_ret));
    TRY(remember(decoder, place, &entry));
    entry->byte_size = *byte_size_ret;
    entry->has_byte_size = true;
    return NULL;
}

struct error *type_decode_byte_size(struct type_decoder *decoder, struct die_place place,
                                    uint64_t *byte_size_ret)
{
    return byte_size_of(decoder, place, 0, byte_size_ret);
}
