/* SPDX-License-Identifier: MIT */
/*
 * What happened to every definition in every pair of kernels of a report, in a word each: what all
 * tables are made from.
 */
#ifndef KSTRUCT_REPORT_COMPARE_SURVEY_H
#define KSTRUCT_REPORT_COMPARE_SURVEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/history.h"
#include "model/kernel/kernel_group.h"
#include "report/compare/difference_kind.h"
#include "report/compare/layout_comparison.h"

struct survey_pair {
    const struct kernel_group *group;
    struct kernel_pair kernels;
    /* How many structs: */
    size_t before_count; /* the earlier kernel has */
    size_t after_count;
    size_t counts[DIFFERENCE_KIND_COUNT]; /* are of that kind */
};

struct survey {
    size_t definition_count; /* the history's */
    size_t pair_count;
    unsigned *kinds;           /* by kernel: as history_kinds() says */
    struct survey_pair *pairs; /* of all groups, in the order of printing */
    uint16_t *words;           /* PAIR_COUNT for each definition */
};

/* By JOBS threads; the survey does not depend on how many. Refers to GROUPS. Free with
 * survey_deinit(). */
struct error *survey_make(const struct history *history, const struct kernel_groups *groups,
                          unsigned jobs, struct survey *survey_ret) MUST_CHECK;

void survey_deinit(struct survey *survey);

/* Adds the counts of OTHER, which is of other definitions in the same kernels and groups. */
void survey_add_counts(struct survey *survey, const struct survey *other);

/* Is that a pair of kernels of HISTORY that it was made of? Of an earlier report's pairs, the
 * groups may have become others, and kernels may have left. */
bool survey_has_pair(const struct survey *survey, const struct history *history, const char *before,
                     const char *after);

/* A set of enum change_kind, or one of enum survey_word. */
static inline unsigned survey_word_of(const struct survey *survey, size_t entry_index, size_t pair)
{
    return survey->words[entry_index * survey->pair_count + pair];
}

#endif
