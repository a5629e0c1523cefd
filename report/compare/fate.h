/* SPDX-License-Identifier: MIT */
/*
 * What became of a definition from one kernel to another, or of a member from one layout to
 * another: the one place that tells an addition from a change, and a change from a mere move.
 */
#ifndef KSTRUCT_REPORT_COMPARE_FATE_H
#define KSTRUCT_REPORT_COMPARE_FATE_H

/* Each with its key in JSON, that of how many there are, its word, its heading, and its sign. */
#define FATES(X)                                                                                   \
    X(FATE_ADDED, "added", "added_count", "added", "Added", '+')                                   \
    X(FATE_REMOVED, "removed", "removed_count", "removed", "Removed", '-')                         \
    X(FATE_CHANGED, "changed", "changed_count", "changed", "Changed", '~')                         \
    X(FATE_ONLY_MOVED, "only_moved", "only_moved_count", "only moved", "Only moved", '>')

enum fate {
#define X(fate, key, count_key, word, heading, sign) fate,
    FATES(X)
#undef X
        FATE_COUNT,
    FATE_NONE = FATE_COUNT, /* nothing differs, or neither has it */
};

struct fate_text {
    const char *key;
    const char *count_key;
    const char *word;
    const char *heading;
    char sign;
};

/* By enum fate. */
extern const struct fate_text fate_texts[FATE_COUNT];

/* Of a definition: WORD is the set of all in which it differs (enum change_kind), or one of enum
 * survey_word. */
enum fate fate_of_definition(unsigned word);

/* Of a member that differs so: a set of enum change_kind. */
enum fate fate_of_member(unsigned kinds);

#endif
