/* SPDX-License-Identifier: MIT */
/*
 * Guesses at what became of members that a struct no longer has, and where new ones come from.
 *
 * Same name and type in another struct without a name, same neighbours or same place and same type
 * under another name, same name and type in a struct that is embedded as a member and did not have
 * it before, or was not embedded: in this order, the first that applies. Where several could be
 * meant and nothing says which, there is no hint.
 */
#ifndef KSTRUCT_REPORT_COMPARE_MEMBERS_CHANGE_HINTS_H
#define KSTRUCT_REPORT_COMPARE_MEMBERS_CHANGE_HINTS_H

#include "base/arena.h"
#include "base/error.h"
#include "report/compare/layout_comparison.h"
#include "report/compare/members/member_matching.h"

struct member_hint {
    enum change_hint kind;
    const char *path;          /* as member_change's */
    const char *embedded_name; /* the same */
};

/* By index of the path; HINT_NONE for all that have a partner. */
struct change_hints {
    struct member_hint *before;
    struct member_hint *after;
};

/* All is allocated from ARENA or belongs to the layouts. SCOPES may be NULL: nothing is known of
 * embedded structs. */
struct error *change_hints_find(const struct member_matching *matching,
                                const struct comparison_scopes *scopes, struct arena *arena,
                                struct change_hints *hints_ret) MUST_CHECK;

#endif
