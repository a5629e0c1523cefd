/* SPDX-License-Identifier: MIT */
/* What tables of differences count and list: kinds of what may become of a struct in a pair. */
#ifndef KSTRUCT_REPORT_COMPARE_DIFFERENCE_KIND_H
#define KSTRUCT_REPORT_COMPARE_DIFFERENCE_KIND_H

#include <stdbool.h>

/* What a definition may be in a pair besides a set of enum change_kind, which is 0 for no change.
 */
enum survey_word {
    SURVEY_ADDED = 1 << 13, /* only the later kernel has it */
    SURVEY_REMOVED = 1 << 14,
    SURVEY_ABSENT = 1 << 15, /* neither has it, or one of them was read without its kind */
};

/* Each with its key for programs and its head for people. A struct may be of several kinds; those
 * after DIFFERENCE_CHANGED are some of it. */
#define DIFFERENCE_KINDS(X)                                                                        \
    X(DIFFERENCE_ADDED, "added", "added")                                                          \
    X(DIFFERENCE_REMOVED, "removed", "removed")                                                    \
    X(DIFFERENCE_CHANGED, "changed", "changed")                                                    \
    X(DIFFERENCE_FIELD_ADDED, "field_added", "field added")                                        \
    X(DIFFERENCE_FIELD_REMOVED, "field_removed", "field removed")                                  \
    X(DIFFERENCE_TYPE_CHANGED, "type_changed", "type changed")                                     \
    X(DIFFERENCE_SIZE_CHANGED, "size_changed", "size changed")                                     \
    X(DIFFERENCE_ONLY_MOVED, "only_moved", "only moved")

enum difference_kind {
#define X(kind, key, head) kind,
    DIFFERENCE_KINDS(X)
#undef X
        DIFFERENCE_KIND_COUNT
};

struct difference_kind_text {
    const char *key;
    const char *head;
};

/* By enum difference_kind. */
extern const struct difference_kind_text difference_kind_texts[DIFFERENCE_KIND_COUNT];

/* Does any kind apply to a struct with WORD of the survey? To most none does. */
static inline bool difference_kind_any(unsigned word)
{
    return word != 0 && word != SURVEY_ABSENT;
}

/* Is a struct with WORD of the survey of that kind? */
bool difference_kind_has(enum difference_kind kind, unsigned word);

#endif
