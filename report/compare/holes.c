/* SPDX-License-Identifier: MIT */
#include "report/compare/holes.h"

#include <stdlib.h>

#include "base/capped.h"

enum { HOLES_PER_GAP = 3 };

/* Where a container's members are in the layout, and its place. */
struct container {
    uint32_t first_member;
    uint32_t end_member;
    struct bit_range range; /* END is 0 where not known */
    bool is_union;
};

static uint64_t bits(uint64_t byte_size)
{
    return multiply_capped(byte_size, BITS_PER_BYTE);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static struct bit_range member_range(const struct layout_member *member)
{
    uint64_t bit_size = member->bitfield_size ? member->bitfield_size : bits(member->byte_size);

    return (struct bit_range){member->bit_offset, add_capped(member->bit_offset, bit_size)};
}

struct bit_range bitfield_unit(const struct layout_member *member)
{
    struct bit_range own = member_range(member);
    uint64_t unit_size = bits(member->byte_size);

    if (unit_size > 0) {
        uint64_t start = own.start - own.start % unit_size;
        uint64_t end = add_capped(start, unit_size);
        if (own.end <= end)
            return (struct bit_range){start, end};
    }
    uint64_t last_bits = own.end % BITS_PER_BYTE;
    return (struct bit_range){
        own.start - own.start % BITS_PER_BYTE,
        last_bits ? add_capped(own.end, BITS_PER_BYTE - last_bits) : own.end,
    };
}

/* The room that a bit-field shares with others: its unit or, if it crosses from one into the next,
 * both. */
static struct bit_range shared_room(const struct layout_member *member)
{
    struct bit_range room = member_range(member);
    uint64_t unit_size = bits(member->byte_size);

    if (unit_size == 0)
        return room;
    room.start -= room.start % unit_size;
    if (room.end % unit_size)
        room.end = add_capped(room.end, unit_size - room.end % unit_size);
    return room;
}

static struct container whole_struct(const struct layout *layout)
{
    return (struct container){
        .end_member = layout->member_count,
        .range = {0, bits(layout->byte_size)},
        .is_union = layout_is_union(layout),
    };
}

static struct container nested_container(const struct layout *layout, uint32_t index)
{
    const struct layout_member *member = &layout->members[index];
    const struct type *type = member->type;
    uint64_t byte_size = member->byte_size;
    struct container container = {
        .first_member = index + 1,
        .end_member = layout_member_end(layout, index),
        .range = {.start = member->bit_offset},
    };

    for (; type->target; type = type->target) {
        if (type->kind == TYPE_PTR || type->kind == TYPE_FUNC_PROTO) {
            container.range.start = 0;
            byte_size = 0;
        } else if (type->kind == TYPE_ARRAY) {
            uint64_t element_count = type_element_count(type);
            byte_size = element_count ? byte_size / element_count : 0;
        }
    }
    if (byte_size > 0)
        container.range.end = add_capped(container.range.start, bits(byte_size));
    container.is_union = type->kind == TYPE_UNION;
    return container;
}

static void add_hole(struct holes *holes, uint64_t start, uint64_t end, uint32_t before_member,
                     bool is_in_bitfield)
{
    if (start < end)
        holes->holes[holes->count++] =
            (struct hole){start, end - start, before_member, is_in_bitfield};
}

/* The gap is up to three holes: the rest of the bit-field's unit before it, whole bytes, and the
 * beginning of the unit of the bit-field after it. Without the bytes it is all bits. */
static void add_gap(struct holes *holes, struct bit_range gap, uint64_t unit_end_before,
                    const struct layout *layout, uint32_t index)
{
    const struct layout_member *member = &layout->members[index];
    uint64_t bytes_start = larger(gap.start, smaller(gap.end, unit_end_before));
    uint64_t bytes_end = gap.end;

    if (member->bitfield_size)
        bytes_end = larger(bytes_start, smaller(gap.end, shared_room(member).start));
    if (bytes_start == bytes_end) {
        add_hole(holes, gap.start, gap.end, index, true);
        return;
    }
    add_hole(holes, gap.start, bytes_start, index, true);
    add_hole(holes, bytes_start, bytes_end, index, false);
    add_hole(holes, bytes_end, gap.end, index, true);
}

/* UNIT_END is that of the last bit-field's unit, or 0 if the last member is none. */
static void set_padding(struct holes *holes, const struct container *container, uint64_t end,
                        uint64_t unit_end)
{
    if (container->range.end <= end)
        return;
    holes->padding_bits = container->range.end - end;
    if (unit_end > end)
        holes->bitfield_padding_bits = smaller(unit_end, container->range.end) - end;
}

static uint32_t count_members(const struct layout *layout, const struct container *container)
{
    uint32_t count = 0;

    for (uint32_t i = container->first_member; i < container->end_member;
         i = layout_member_end(layout, i))
        count++;
    return count;
}

struct error *holes_find(const struct layout *layout, uint32_t index, struct holes *holes_ret)
{
    struct container container =
        index == HOLES_WHOLE_STRUCT ? whole_struct(layout) : nested_container(layout, index);
    size_t maximum = (size_t)count_members(layout, &container) * HOLES_PER_GAP;
    struct holes holes = {.holes = calloc(maximum + 1, sizeof(*holes.holes))};
    uint64_t end = container.range.start;
    uint64_t unit_end = 0;

    if (!holes.holes)
        return error_out_of_memory();
    for (uint32_t i = container.first_member; i < container.end_member;
         i = layout_member_end(layout, i)) {
        const struct layout_member *member = &layout->members[i];
        struct bit_range range = member_range(member);
        if (!container.is_union && range.start > end)
            add_gap(&holes, (struct bit_range){end, range.start}, unit_end, layout, i);
        end = larger(end, range.end);
        unit_end = member->bitfield_size ? larger(unit_end, shared_room(member).end) : 0;
    }
    set_padding(&holes, &container, end, container.is_union ? 0 : unit_end);
    *holes_ret = holes;
    return NULL;
}

void holes_deinit(struct holes *holes)
{
    free(holes->holes);
    *holes = (struct holes){0};
}
