/* SPDX-License-Identifier: MIT */
#include "report/compare/difference_kind.h"

#include "report/compare/fate.h"
#include "report/compare/layout_comparison.h"

const struct difference_kind_text difference_kind_texts[DIFFERENCE_KIND_COUNT] = {
#define X(kind, key, head) [kind] = {key, head},
    DIFFERENCE_KINDS(X)
#undef X
};

bool difference_kind_has(enum difference_kind kind, unsigned word)
{
    if (kind == DIFFERENCE_ADDED)
        return word & SURVEY_ADDED;
    if (kind == DIFFERENCE_REMOVED)
        return word & SURVEY_REMOVED;
    if (word == 0 || word & (SURVEY_ADDED | SURVEY_REMOVED | SURVEY_ABSENT))
        return false;
    switch (kind) {
    case DIFFERENCE_FIELD_ADDED: return word & CHANGE_ADDED;
    case DIFFERENCE_FIELD_REMOVED: return word & CHANGE_REMOVED;
    case DIFFERENCE_TYPE_CHANGED: return word & CHANGE_TYPE;
    case DIFFERENCE_SIZE_CHANGED: return word & CHANGE_STRUCT_SIZE;
    case DIFFERENCE_ONLY_MOVED: return fate_of_definition(word) == FATE_ONLY_MOVED;
    default: return true;
    }
}
