/* SPDX-License-Identifier: MIT */
#include "analyze/kind/member_decoder.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/capped.h"

#define BITS_PER_BYTE 8

/* The layout that is being built. */
struct builder {
    struct type_decoder *decoder;
    struct layout_budget *budget;
    struct arena *arena;
    bool is_big_endian;
    struct layout_member *members;
    uint32_t member_count;
    uint32_t member_capacity;
};

/* A struct or union whose members are being added. */
struct container {
    struct die_place place;
    uint64_t bit_offset; /* of its start, in what member offsets count from */
    bool has_byte_size;
    uint64_t byte_size;
    uint32_t depth; /* of its members */
    unsigned unnamed_count;
};

static struct error *add_members(struct builder *builder, const struct libdwarf_die *die,
                                 struct container *container);

static struct error *append_member(struct builder *builder, const struct layout_member *member)
{
    TRY(layout_budget_take(builder->budget, sizeof(*member) + strlen(member->name) + 1));
    if (builder->member_count == LAYOUT_MEMBERS_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "a struct has more than %d members",
                            LAYOUT_MEMBERS_MAXIMUM);
    if (builder->member_count == builder->member_capacity) {
        uint32_t capacity = builder->member_capacity ? builder->member_capacity * 2 : 64;
        struct layout_member *members =
            reallocarray(builder->members, capacity, sizeof(*builder->members));
        if (!members)
            return error_out_of_memory();
        builder->members = members;
        builder->member_capacity = capacity;
    }
    builder->members[builder->member_count++] = *member;
    return NULL;
}

static struct error *impossible_place(const struct libdwarf_die *die)
{
    return libdwarf_die_error(die, ERROR_BAD_DWARF, "a member lies outside its struct or union");
}

/* Where a member begins in its container. */
static struct error *find_bit_offset(const struct builder *builder, const struct libdwarf_die *die,
                                     const struct libdwarf_member *said, uint64_t type_byte_size,
                                     uint64_t *bit_offset_ret)
{
    int64_t bit_offset;
    int64_t storage_bits;

    if (said->has_data_bit_offset && (said->bit_size > 0 || !said->has_byte_offset)) {
        *bit_offset_ret = said->data_bit_offset;
        return NULL;
    }
    if (__builtin_mul_overflow(said->byte_offset, BITS_PER_BYTE, &bit_offset))
        return impossible_place(die);
    if (said->bit_size > 0 && said->has_bit_offset) {
        /* DWARF 2 and 3, and compilers that write DWARF 4 as before, count from the storage unit's
         * most significant bit, which is its first one only where the byte order is big-endian
         * (DWARF 3, section 5.6.6). */
        uint64_t storage_byte_size =
            said->storage_byte_size > 0 ? said->storage_byte_size : type_byte_size;
        bool is_outside = __builtin_mul_overflow(storage_byte_size, BITS_PER_BYTE, &storage_bits);
        if (builder->is_big_endian)
            is_outside |= __builtin_add_overflow(bit_offset, said->bit_offset, &bit_offset);
        else
            is_outside |= __builtin_add_overflow(bit_offset, storage_bits, &bit_offset) ||
                          __builtin_sub_overflow(bit_offset, said->bit_offset, &bit_offset) ||
                          __builtin_sub_overflow(bit_offset, said->bit_size, &bit_offset);
        if (is_outside)
            return impossible_place(die);
    }
    if (bit_offset < 0)
        return impossible_place(die);
    *bit_offset_ret = (uint64_t)bit_offset;
    return NULL;
}

/* Does the member end where its container does, or before? */
static bool is_inside(const struct container *container, const struct layout_member *member,
                      uint64_t bit_offset)
{
    uint64_t bit_size = member->bitfield_size > 0
                            ? member->bitfield_size
                            : multiply_capped(member->byte_size, BITS_PER_BYTE);

    return !container->has_byte_size ||
           add_capped(bit_offset, bit_size) <= multiply_capped(container->byte_size, BITS_PER_BYTE);
}

/* Everything about a member but its name and depth. */
static struct error *read_member(struct builder *builder, const struct container *container,
                                 const struct libdwarf_die *die, const struct libdwarf_member *said,
                                 struct layout_member *member)
{
    uint64_t bit_offset = 0;

    TRY(type_decode(builder->decoder, said->has_type, said->type, &member->type));
    if (said->has_type)
        TRY(type_decode_byte_size(builder->decoder, said->type, &member->byte_size));
    if (said->bit_size > UINT32_MAX)
        return libdwarf_die_error(die, ERROR_BAD_DWARF, "a bit-field is too wide");
    member->bitfield_size = (uint32_t)said->bit_size;
    TRY(find_bit_offset(builder, die, said, member->byte_size, &bit_offset));
    if (!is_inside(container, member, bit_offset) ||
        __builtin_add_overflow(container->bit_offset, bit_offset, &member->bit_offset))
        return impossible_place(die);
    return NULL;
}

/* The name that the page and the published schema give a member that has none: members that
 * dissolve keep "", others are numbered within their container. */
static struct error *name_member(struct builder *builder, struct container *container,
                                 const char *name, struct layout_member *member)
{
    char numbered[32];

    if (name && name[0] == '\0')
        name = NULL;
    if (!name && type_is_aggregate(member->type)) {
        member->name = "";
        return NULL;
    }
    if (!name && container->unnamed_count == 0) {
        name = TYPE_ANONYMOUS;
        container->unnamed_count++;
    } else if (!name) {
        snprintf(numbered, sizeof(numbered), "(anon-%u)", container->unnamed_count++);
        name = numbered;
    }
    member->name = arena_copy_text(builder->arena, name, strlen(name));
    return member->name ? NULL : error_out_of_memory();
}

/* Is there a struct or union whose members are to be listed below the member? That is the one that
 * MEMBER dissolves into, or the unnamed one that its type is made of. */
static bool has_inner(const struct layout_member *member)
{
    return layout_member_is_dissolved(member) || type_has_unnamed_members(member->type);
}

/* Goes from a member's type at INNER's place along to that struct or union, and opens it. */
static struct error *open_inner(struct builder *builder, const struct layout_member *member,
                                struct container *inner, struct libdwarf_die *die_ret)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};
    bool has_type;

    TRY(libdwarf_die_open(builder->decoder->reader, inner->place, &die));
    for (const struct type *type = member->type; !type_is_aggregate(type); type = type->target) {
        if (type->kind == TYPE_PTR)
            inner->bit_offset = 0;
        TRY(libdwarf_die_type(&die, &has_type, &inner->place));
        libdwarf_die_close(&die);
        TRY(libdwarf_die_open(builder->decoder->reader, inner->place, &die));
    }
    *die_ret = die;
    die.die = NULL;
    return NULL;
}

static struct error *add_inner_members(struct builder *builder, const struct layout_member *member,
                                       struct container *inner)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};

    TRY(open_inner(builder, member, inner, &die));
    if (inner->depth >= LAYOUT_DEPTH_MAXIMUM)
        return libdwarf_die_error(&die, ERROR_LIMIT, "unnamed structs are nested more than %d deep",
                                  LAYOUT_DEPTH_MAXIMUM);
    TRY(libdwarf_die_number(&die, DW_AT_byte_size, &inner->has_byte_size, &inner->byte_size));
    return add_members(builder, &die, inner);
}

static struct error *add_member(struct builder *builder, struct container *container,
                                const struct libdwarf_die *die)
{
    struct layout_member member = {.depth = container->depth};
    struct container inner = {.depth = container->depth + 1};
    struct libdwarf_member said;

    TRY(libdwarf_die_member(die, &said));
    TRY(read_member(builder, container, die, &said, &member));
    TRY(name_member(builder, container, said.name, &member));
    TRY(append_member(builder, &member));
    if (!has_inner(&member))
        return NULL;
    inner.place = said.type;
    inner.bit_offset = member.bit_offset;
    return add_inner_members(builder, &member, &inner);
}

static struct error *add_members(struct builder *builder, const struct libdwarf_die *die,
                                 struct container *container)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die child = {0};

    TRY(libdwarf_die_child(die, &child));
    while (child.die) {
        struct libdwarf_die sibling = {0};
        if (child.tag == DW_TAG_member)
            TRY(add_member(builder, container, &child));
        TRY(libdwarf_die_sibling(&child, &sibling));
        libdwarf_die_close(&child);
        child = sibling;
    }
    return NULL;
}

static struct error *hand_over(const struct builder *builder, struct decoded_layout *decoded)
{
    struct layout_member *members =
        arena_allocate(builder->arena, builder->member_count, sizeof(*members));

    if (!members)
        return error_out_of_memory();
    if (builder->member_count > 0)
        memcpy(members, builder->members, builder->member_count * sizeof(*members));
    decoded->members = members;
    decoded->layout.members = members;
    decoded->layout.member_count = builder->member_count;
    return NULL;
}

struct error *members_decode(const struct layout_decoding *decoding, const struct libdwarf_die *die,
                             struct decoded_layout *decoded)
{
    struct builder builder = {
        .decoder = decoding->decoder,
        .budget = decoding->budget,
        .arena = decoding->arena,
        .is_big_endian = decoding->decoder->reader->sections->is_big_endian,
    };
    struct container outermost = {.place = decoding->place};
    struct error *error =
        libdwarf_die_number(die, DW_AT_byte_size, &outermost.has_byte_size, &outermost.byte_size);

    if (!error)
        error = add_members(&builder, die, &outermost);
    if (!error)
        error = hand_over(&builder, decoded);
    free(builder.members);
    return error;
}
