/* SPDX-License-Identifier: MIT */
/*
 * Everything that differs between two layouts of a definition: which members or enumerators came
 * and went, moved, changed their size, width, type or value, also inside structs and unions without
 * a name; and what may have become of those that went.
 *
 * A page's differences (struct_difference.h) know names and printed types of fields only.
 */
#ifndef KSTRUCT_REPORT_COMPARE_LAYOUT_COMPARISON_H
#define KSTRUCT_REPORT_COMPARE_LAYOUT_COMPARISON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"
#include "model/scope.h"
#include "report/compare/members/member_paths.h"

/* In a set. Each with its key in JSON, on which readers rely, and the word for people. Those of a
 * member come first. */
#define CHANGE_KINDS(X)                                                                            \
    X(CHANGE_ADDED_AT_END, 0, "added_at_end", "added at the end")                                  \
    X(CHANGE_INSERTED, 1, "inserted", "inserted")                                                  \
    X(CHANGE_REMOVED, 2, "removed", "removed")                                                     \
    X(CHANGE_MOVED, 3, "moved", "moved") /* another offset */                                      \
    X(CHANGE_RESIZED, 4, "resized", "resized")                                                     \
    X(CHANGE_WIDTH, 5, "width_changed", "width changed") /* of a bit-field; to or from none */     \
    X(CHANGE_TYPE, 6, "type_changed", "type changed")                                              \
    X(CHANGE_NESTING, 7, "nesting_changed", "nesting changed")                                     \
    X(CHANGE_ORDER, 8, "reordered", "reordered") /* of the struct: members at the same place */    \
    X(CHANGE_STRUCT_SIZE, 9, "size_changed", "size changed") /* of the struct */                   \
    X(CHANGE_VALUE, 10, "value_changed", "value changed")    /* of an enumerator */

enum change_kind {
#define X(kind, bit, key, word) kind = 1 << (bit),
    CHANGE_KINDS(X)
#undef X
};

enum {
#define X(kind, bit, key, word) +1
    CHANGE_KIND_COUNT = 0 CHANGE_KINDS(X),
#undef X
    CHANGE_ADDED = CHANGE_ADDED_AT_END | CHANGE_INSERTED,
    /* What makes no other difference than that of places. */
    CHANGE_PLACES = CHANGE_MOVED | CHANGE_NESTING | CHANGE_ORDER,
};

struct change_kind_text {
    unsigned kind;
    const char *key;
    const char *word;
};

/* In the order above. */
extern const struct change_kind_text change_kind_texts[CHANGE_KIND_COUNT];

/* The words of a set, in the order above, ", " between them: "moved, type changed". */
void change_kinds_append(struct buffer *out, unsigned kinds);

/* What may have become of a member that was removed, or where one that was added may come from: a
 * guess, never a fact. Each with its key in JSON. */
#define CHANGE_HINTS(X)                                                                            \
    X(HINT_NONE, "")                                                                               \
    X(HINT_RENAMED, "renamed")   /* same place or neighbours, same type */                         \
    X(HINT_MOVED, "moved")       /* same name and type, in another struct without a name */        \
    X(HINT_EMBEDDED, "embedded") /* same name and type, in a struct embedded as a member */

enum change_hint {
#define X(hint, key) hint,
    CHANGE_HINTS(X)
#undef X
};

/* Static. */
const char *change_hint_key(enum change_hint hint);

/* What goes before the path of a hint, for people: "perhaps renamed to "; NULL for HINT_NONE. */
const char *change_hint_phrase(enum change_hint hint, bool is_removed);

struct member_change {
    unsigned kinds;                   /* of enum change_kind, never 0 */
    const struct member_path *before; /* NULL if added */
    const struct member_path *after;  /* NULL if removed */
    enum change_hint hint;            /* HINT_NONE unless added or removed */
    const char *hint_path;            /* in the other layout: "start_boottime", "mm.pgd" */
    const char *hint_struct;          /* HINT_EMBEDDED: the name of the embedded struct */
};

struct layout_comparison {
    const struct layout *before;
    const struct layout *after;
    unsigned kinds; /* of all members and of the struct; 0: nothing differs */
    uint32_t change_count;
    /* In the order of the later layout; removed ones after what they stood after. */
    struct member_change *changes;
};

/* Is there anything to be told of a definition that is BEFORE in one kernel and AFTER in the other?
 * A base type is there where something uses it: that one comes or goes says nothing. */
static inline bool definition_is_compared(enum definition_kind kind, const struct layout *before,
                                          const struct layout *after)
{
    return kind == DEFINITION_INT ? before && after : before || after;
}

struct comparison_scopes {
    struct scope before;
    struct scope after;
};

/* From where ENTRY's definitions in those two kernels are. */
static inline struct comparison_scopes comparison_scopes_of(const struct history *history,
                                                            const struct history_definition *entry,
                                                            size_t before, size_t after)
{
    return (struct comparison_scopes){scope_of_definition(history, before, entry),
                                      scope_of_definition(history, after, entry)};
}

/* Compares BEFORE with AFTER, whose types are of one table. Gives hints if SCOPES is not NULL. All
 * is allocated from ARENA or belongs to the layouts. */
struct error *layout_compare(const struct layout *before, const struct layout *after,
                             const struct comparison_scopes *scopes, struct arena *arena,
                             struct layout_comparison *comparison_ret) MUST_CHECK;

/* Members that have moved by the same distance, one after the other, and changed in nothing else
 * read best as one. The index after the last of them, from INDEX on; INDEX + 1 if there is no such
 * run. */
uint32_t layout_comparison_run_end(const struct layout_comparison *comparison, uint32_t index);

/* Bits by which a member that is on both sides has moved; negative: towards the start. */
int64_t member_change_distance(const struct member_change *change);

#endif
