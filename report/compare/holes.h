/* SPDX-License-Identifier: MIT */
/*
 * Where a struct wastes room: the gaps between its members, and the padding after the last one.
 *
 * A container is the whole struct, or one struct or union without a name inside it; the members of
 * further ones within count for their own container only. Nothing in a union is a hole, but a union
 * may be padded.
 */
#ifndef KSTRUCT_REPORT_COMPARE_HOLES_H
#define KSTRUCT_REPORT_COMPARE_HOLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/layout.h"

/* The container that is the struct itself. */
#define HOLES_WHOLE_STRUCT UINT32_MAX

/* Bits from START up to END, not including it; counted as layout_member's. */
struct bit_range {
    uint64_t start;
    uint64_t end;
};

/* The storage unit a bit-field lies in: the aligned place of its type's size around it, or, if it
 * crosses such places as packed ones may, its own bytes. */
struct bit_range bitfield_unit(const struct layout_member *member);

struct hole {
    uint64_t bit_offset; /* counted as layout_member's */
    uint64_t bit_size;
    uint32_t before_member; /* index of the member after it */
    /* In the storage unit of a bit-field beside it, or in one of the two that it crosses: bits that
     * another bit-field could use. Else it is whole bytes long. */
    bool is_in_bitfield;
};

struct holes {
    size_t count;
    struct hole *holes; /* in the order of the members; a gap beside a bit-field may be two */
    /* Between the end of the members and that of the container; 0 where its size is not known,
     * which is so behind a pointer and in a flexible array. */
    uint64_t padding_bits;
    uint64_t bitfield_padding_bits; /* how many of these are in the last bit-field's unit */
};

/* CONTAINER is the index of a member that has members inside, or HOLES_WHOLE_STRUCT. Free with
 * holes_deinit(). */
struct error *holes_find(const struct layout *layout, uint32_t container,
                         struct holes *holes_ret) MUST_CHECK;

void holes_deinit(struct holes *holes);

/* Is it known where its holes are? It has members then, and their sizes. */
static inline bool holes_are_known(const struct layout *layout)
{
    return !layout->lacks_member_sizes && layout_is_aggregate(layout);
}

#endif
