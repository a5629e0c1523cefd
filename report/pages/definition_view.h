/* SPDX-License-Identifier: MIT */
/* What each sort of page of one definition is written from. */
#ifndef KSTRUCT_REPORT_PAGES_DEFINITION_VIEW_H
#define KSTRUCT_REPORT_PAGES_DEFINITION_VIEW_H

#include "base/arena.h"
#include "base/error.h"
#include "report/pages/distinct_layouts.h"
#include "report/report_context.h"

struct definition_view {
    const struct report_context *context;
    const struct history *history;
    const struct history_definition *entry;
    size_t entry_index; /* ENTRY's in the history */
    struct distinct_layouts layouts;
    struct arena *arena;
};

/* All of it belongs to the context or is allocated from ARENA. */
struct error *definition_view_make(const struct report_context *context, size_t entry_index,
                                   struct arena *arena,
                                   struct definition_view *view_ret) MUST_CHECK;

/* How many kernels have it. */
size_t definition_view_count_present(const struct definition_view *view);

/* Where that kernel declares it; all zero: unknown. */
const struct history_place *definition_view_place(const struct definition_view *view,
                                                  size_t kernel);

/* What became of it in a pair of the survey: see survey_word_of(). */
static inline unsigned definition_view_word(const struct definition_view *view, size_t pair)
{
    return survey_word_of(&view->context->survey, view->entry_index, pair);
}

/* Kernels of which the same is said: they have the same layout from the same place and modules, or
 * lack it alike. */
struct alike_kernels {
    size_t layout; /* DISTINCT_LAYOUT_NONE: they lack it */
    size_t first;  /* kernel; the list goes on with `next` */
    size_t last;
    size_t next_of_layout; /* another row of the layout; 0: none */
};

struct alike_kernel_rows {
    size_t count; /* rows are numbers from 1 on, in the order of their first kernels */
    struct alike_kernels *rows;
    size_t *next; /* by kernel: the next one of its row; DISTINCT_LAYOUT_NONE: none */
};

/* Allocated from the view's arena. */
struct error *alike_kernels_list(const struct definition_view *view,
                                 struct alike_kernel_rows *rows_ret) MUST_CHECK;

#endif
