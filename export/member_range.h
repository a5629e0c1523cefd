/* SPDX-License-Identifier: MIT */
/* The members of one struct or union among those that a layout lists: its own, or those of one
 * without a name that is inside of it. */
#ifndef KSTRUCT_EXPORT_MEMBER_RANGE_H
#define KSTRUCT_EXPORT_MEMBER_RANGE_H

#include "model/layout.h"

/* Those of LAYOUT from FIRST to END whose depth is DEPTH. */
struct member_range {
    const struct layout *layout;
    uint32_t first;
    uint32_t end;
    uint32_t depth;
    uint64_t start_bit; /* what their offsets are counted from */
};

static inline struct member_range member_range_of_layout(const struct layout *layout)
{
    return (struct member_range){.layout = layout, .end = layout->member_count};
}

/* Of what is inside member INDEX. */
static inline struct member_range member_range_inside(const struct layout *layout, uint32_t index)
{
    const struct layout_member *member = &layout->members[index];

    return (struct member_range){
        .layout = layout,
        .first = index + 1,
        .end = layout_member_end(layout, index),
        .depth = member->depth + 1,
        .start_bit = type_leads_through_pointer(member->type) ? 0 : member->bit_offset,
    };
}

#endif
