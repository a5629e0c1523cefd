/* SPDX-License-Identifier: MIT */
/* Which members of two layouts of a struct are the same ones: those of the same path. */
#ifndef KSTRUCT_REPORT_COMPARE_MEMBERS_MEMBER_MATCHING_H
#define KSTRUCT_REPORT_COMPARE_MEMBERS_MEMBER_MATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/compare/members/member_paths.h"
#include "report/compare/members/name_matching.h"

/* One of the two layouts. */
struct matched_members {
    struct member_paths paths;
    uint32_t *partners; /* by index of the path: the partner's, or NAME_WITHOUT_PARTNER */
};

struct member_matching {
    /* One of the layouts lacks its members' sizes, and so all that pages do not show: what is
     * inside named unnamed structs, and an array's dimensions but for their product. */
    bool has_fields_only;
    bool has_places; /* both layouts have them */
    struct matched_members before;
    struct matched_members after;
};

/* Matches all members, or only the fields where one layout has no more. All is allocated from ARENA
 * or belongs to the layouts. */
struct error *member_matching_find(const struct layout *before, const struct layout *after,
                                   struct arena *arena, struct member_matching *ret) MUST_CHECK;

/* Are they the same type, as far as both layouts tell? A declaration and a definition of one struct
 * are. */
bool member_types_are_alike(const struct member_matching *matching, const struct type *a,
                            const struct type *b);

/* A member without a partner that is not inside of one without a partner: that one says it all. */
bool matched_members_is_alone(const struct matched_members *members, uint32_t index);

#endif
