/* SPDX-License-Identifier: MIT */
/*
 * What differs between two kernels: which definitions came and went, and of those that both have,
 * all that layout_comparison.h knows. The first definition of each name is compared; a kind that
 * one of the kernels has nothing of was not read there, and is left out.
 */
#ifndef KSTRUCT_REPORT_COMPARE_KERNEL_DIFFERENCE_H
#define KSTRUCT_REPORT_COMPARE_KERNEL_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/history.h"
#include "report/compare/fate.h"
#include "report/compare/layout_comparison.h"

/* The room that a layout wastes between and after its own members; what is inside of them is
 * theirs, as pahole counts too. */
struct layout_waste {
    bool is_known;         /* else the members' sizes are not, and so nothing here */
    uint64_t hole_bits;    /* between members */
    uint64_t padding_bits; /* after the last one */
};

/* A definition of one kernel of the two. */
struct definition_side {
    const struct layout *layout; /* NULL: the kernel does not have it */
    struct history_place place;
    struct history_modules modules; /* whose it is; none: vmlinux's */
    size_t further_count;           /* how many others of that name there are */
    struct layout_waste waste;
};

struct definition_change {
    enum definition_kind kind;
    const char *name;
    enum fate fate; /* never FATE_NONE */
    struct definition_side before;
    struct definition_side after;
    struct layout_comparison comparison; /* only of FATE_CHANGED and FATE_ONLY_MOVED */
    /* The same: how many members; each is counted once, where it belongs first. */
    size_t member_counts[FATE_COUNT];
};

/* How many definitions of a kind: */
struct kind_counts {
    size_t before; /* the earlier kernel has */
    size_t after;
    size_t added;
    size_t removed;
    size_t changed;    /* are in both, and anything differs */
    size_t only_moved; /* of these: members have moved, and nothing else differs */
};

/* Does any definition of the kind differ? */
static inline bool kind_counts_differ(const struct kind_counts *counts)
{
    return counts->added + counts->removed + counts->changed > 0;
}

struct kernel_difference {
    struct arena arena; /* owns what is not the history's */
    const char *before_name;
    const char *after_name;
    bool is_selection; /* some definitions were asked for; all counts are of these alone */
    struct kind_counts counts[DEFINITION_KIND_COUNT];
    size_t change_count;
    struct definition_change *changes; /* by kind and name, bytewise */
};

/* Compares kernel BEFORE of HISTORY, which was loaded with details, with kernel AFTER; they may be
 * the same. IS_WANTED has a word for each definition of the history, or is NULL: all. Refers to
 * HISTORY. Free with kernel_difference_deinit(). */
struct error *kernel_difference_make(const struct history *history, size_t before, size_t after,
                                     const bool *is_wanted,
                                     struct kernel_difference *difference_ret) MUST_CHECK;

void kernel_difference_deinit(struct kernel_difference *difference);

/* Have both kernels the definition? Then there is a comparison. */
static inline bool definition_change_is_in_both(const struct definition_change *change)
{
    return change->before.layout && change->after.layout;
}

/* How much of a difference is told. */
enum difference_detail {
    DIFFERENCE_MEMBERS, /* every member that differs; all of what was added and removed if it
                         * is a selection */
    DIFFERENCE_LINES,   /* a line a definition */
};

#endif
