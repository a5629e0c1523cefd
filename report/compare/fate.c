/* SPDX-License-Identifier: MIT */
#include "report/compare/fate.h"

#include "report/compare/layout_comparison.h"
#include "report/compare/survey.h"

const struct fate_text fate_texts[FATE_COUNT] = {
#define X(fate, key, count_key, word, heading, sign) [fate] = {key, count_key, word, heading, sign},
    FATES(X)
#undef X
};

static enum fate fate_of_change(unsigned kinds)
{
    if (kinds == 0)
        return FATE_NONE;
    return kinds & ~(unsigned)CHANGE_PLACES ? FATE_CHANGED : FATE_ONLY_MOVED;
}

enum fate fate_of_definition(unsigned word)
{
    if (word & SURVEY_ABSENT)
        return FATE_NONE;
    if (word & SURVEY_ADDED)
        return FATE_ADDED;
    return word & SURVEY_REMOVED ? FATE_REMOVED : fate_of_change(word);
}

enum fate fate_of_member(unsigned kinds)
{
    if (kinds & CHANGE_ADDED)
        return FATE_ADDED;
    return kinds & CHANGE_REMOVED ? FATE_REMOVED : fate_of_change(kinds);
}
