/* SPDX-License-Identifier: MIT */
#include "check/bpf/core_value.h"

enum { REGISTER_BITS = 64, REGISTER_BYTES = 8 };

static const char no_size[] = "it has no size";

/* Where a field is, in whole bytes that an instruction can load. */
struct field_place {
    uint64_t bit_offset;
    uint64_t byte_offset;
    uint64_t byte_size;
    uint64_t bit_size;
    bool is_bitfield;
    uint32_t type_id;
    const struct btf_type *type;
};

/* The smallest integer that is loaded from a place of its own alignment and holds all bits. */
static const char *place_bitfield(struct field_place *place)
{
    place->byte_size = place->type->size;
    if (place->byte_size == 0)
        return no_size;
    for (;;) {
        place->byte_offset =
            place->bit_offset / BITS_PER_BYTE / place->byte_size * place->byte_size;
        if (place->bit_offset + place->bit_size - place->byte_offset * BITS_PER_BYTE <=
            place->byte_size * BITS_PER_BYTE)
            return NULL;
        if (place->byte_size >= REGISTER_BYTES)
            return "no load of 64 bits reaches all of the bit-field";
        place->byte_size *= 2;
    }
}

static const char *place_member(const struct core_path *path, const struct core_step *step,
                                struct field_place *place)
{
    const struct btf_type *type = btf__type_by_id(path->btf, step->type_id);

    place->type = btf_file_resolve(path->btf, btf_members(type)[step->index].type, &place->type_id);
    if (!place->type)
        return no_size;
    place->bit_size = btf_member_bitfield_size(type, step->index);
    place->is_bitfield = place->bit_size > 0;
    if (place->is_bitfield)
        return place_bitfield(place);
    int64_t byte_size = btf__resolve_size(path->btf, place->type_id);
    if (byte_size < 0)
        return no_size;
    place->byte_size = (uint64_t)byte_size;
    place->byte_offset = place->bit_offset / BITS_PER_BYTE;
    place->bit_size = place->byte_size * BITS_PER_BYTE;
    return NULL;
}

static bool is_signed(const struct btf_type *type)
{
    return (btf_is_any_enum(type) && btf_kflag(type)) ||
           (btf_is_int(type) && (btf_int_encoding(type) & BTF_INT_SIGNED));
}

static const char *value_of_member(const struct core_kind *kind, const struct core_path *path,
                                   bool is_big_endian, struct core_value *value)
{
    struct field_place place = {.bit_offset = path->bit_offset};
    const char *why = place_member(path, &path->steps[path->step_count - 1], &place);

    if (why)
        return why;
    uint64_t first_bit = place.bit_offset - place.byte_offset * BITS_PER_BYTE;
    switch (kind->number) {
    case BPF_CORE_FIELD_BYTE_OFFSET:
        value->value = place.byte_offset;
        value->byte_size = place.is_bitfield ? 0 : (uint32_t)place.byte_size;
        value->type_id = place.is_bitfield ? 0 : place.type_id;
        break;
    case BPF_CORE_FIELD_BYTE_SIZE: value->value = place.byte_size; break;
    case BPF_CORE_FIELD_SIGNED: value->value = is_signed(place.type); break;
    case BPF_CORE_FIELD_LSHIFT_U64:
        value->value = is_big_endian
                           ? (REGISTER_BYTES - place.byte_size) * BITS_PER_BYTE + first_bit
                           : REGISTER_BITS - (first_bit + place.bit_size);
        break;
    default: value->value = REGISTER_BITS - place.bit_size; break;
    }
    return NULL;
}

static const char *value_of_element(const struct core_kind *kind, const struct core_path *path,
                                    struct core_value *value)
{
    uint32_t type_id = path->steps[path->step_count - 1].type_id;
    int64_t byte_size = btf__resolve_size(path->btf, type_id);

    if (byte_size < 0)
        return no_size;
    switch (kind->number) {
    case BPF_CORE_FIELD_BYTE_OFFSET:
        value->value = path->bit_offset / BITS_PER_BYTE;
        value->byte_size = (uint32_t)byte_size;
        value->type_id = type_id;
        return NULL;
    case BPF_CORE_FIELD_BYTE_SIZE: value->value = (uint64_t)byte_size; return NULL;
    default: return "that cannot be asked of an array's element";
    }
}

static const char *value_of_type(const struct core_kind *kind, const struct core_path *path,
                                 struct core_value *value)
{
    int64_t byte_size;

    switch (kind->number) {
    case BPF_CORE_TYPE_ID_LOCAL:
    case BPF_CORE_TYPE_ID_TARGET: value->value = path->root_id; return NULL;
    case BPF_CORE_TYPE_SIZE:
        byte_size = btf__resolve_size(path->btf, path->root_id);
        if (byte_size < 0)
            return no_size;
        value->value = (uint64_t)byte_size;
        return NULL;
    default: value->value = 1; return NULL;
    }
}

static uint64_t value_of_enumerator(const struct core_path *path)
{
    const struct core_step *step = &path->steps[0];
    const struct btf_type *type = btf__type_by_id(path->btf, step->type_id);

    /* As the 32 bits of an enum are extended where they are taken for an int. */
    return btf_is_enum(type) ? (uint64_t)btf_enum(type)[step->index].val
                             : btf_enum64_value(&btf_enum64(type)[step->index]);
}

void core_value_compute(const struct core_kind *kind, const struct core_path *path,
                        bool is_big_endian, struct core_value *value_ret, const char **why_ret)
{
    *value_ret = (struct core_value){0};
    *why_ret = NULL;
    if (!path) {
        /* What asks about a type gets 0, and what asks whether something is there. */
        value_ret->is_poisoned = !kind->is_existence && kind->subject != CORE_TYPE;
        return;
    }
    if (kind->is_existence) {
        value_ret->value = 1;
        return;
    }
    if (path->lacks_type) {
        value_ret->is_unknown = true;
        return;
    }
    switch (kind->subject) {
    case CORE_TYPE: *why_ret = value_of_type(kind, path, value_ret); break;
    case CORE_ENUMERATOR: value_ret->value = value_of_enumerator(path); break;
    case CORE_FIELD:
        *why_ret = path->steps[path->step_count - 1].name
                       ? value_of_member(kind, path, is_big_endian, value_ret)
                       : value_of_element(kind, path, value_ret);
        break;
    }
}

static bool is_unsigned_int(const struct btf_type *type)
{
    return btf_is_int(type) && btf_int_encoding(type) != BTF_INT_SIGNED;
}

bool core_value_fits(const struct core_path *local, const struct core_value *local_value,
                     const struct core_path *found, const struct core_value *value)
{
    if (local_value->byte_size == value->byte_size || value->is_unknown)
        return true;
    const struct btf_type *one = btf__type_by_id(local->btf, local_value->type_id);
    const struct btf_type *other = btf__type_by_id(found->btf, value->type_id);
    return (btf_is_ptr(one) && btf_is_ptr(other)) ||
           (is_unsigned_int(one) && is_unsigned_int(other));
}
