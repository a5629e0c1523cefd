/* SPDX-License-Identifier: MIT */
/* Guesses at what a member is called in kernels that do not have it, from its neighbours. */
#ifndef KSTRUCT_REPORT_OFFSETS_OFFSET_HINTS_H
#define KSTRUCT_REPORT_OFFSETS_OFFSET_HINTS_H

#include "base/arena.h"
#include "base/error.h"
#include "report/offsets/offset_answer.h"

struct compared_layouts;

/* What the comparisons for one definition's members have in common, so that none is done twice. */
struct offset_hinter {
    const struct offset_input *input;
    enum definition_kind kind;
    const char *name;                  /* of what the paths are in */
    struct arena *arena;               /* everything is allocated from it */
    struct compared_layouts *compared; /* the last pair that was compared; NULL: none */
};

/*
 * Sets the hints of the answers about one path, one answer for each kernel of the history. Where a
 * member is absent and the next kernel of the same line has it, or the last one had it, a hint that
 * layout_compare() has for these two goes on through the line, as long as the kernels have what it
 * leads to. Other lines' kernels take it over if they have that too, with the same type.
 */
struct error *offset_hints_set(struct offset_hinter *hinter, const char *path,
                               struct offset_answer *answers) MUST_CHECK;

#endif
