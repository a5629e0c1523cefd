/* SPDX-License-Identifier: MIT */
#include "report/site/definition/shown_layouts.h"

#include "report/site/definition/definition_page.h"
#include "report/site/site.h"

static void show(struct definition_page *page, size_t kernel)
{
    page->shown.are_shown[page->view.layouts.of_kernels[kernel]] = true;
}

/* That of the last kernel of the fold that has any. */
static void show_last(struct definition_page *page, const struct column_fold *fold)
{
    const struct kernel_column *columns = page->view.context->site->columns.columns;

    for (size_t i = fold->first + fold->count; i-- > fold->first;) {
        if (page->view.layouts.of_kernels[columns[i].kernel] == DISTINCT_LAYOUT_NONE)
            continue;
        show(page, columns[i].kernel);
        return;
    }
}

struct error *shown_layouts_choose(struct definition_page *page)
{
    const struct column_folds *folds = &page->view.context->site->columns.folds;
    size_t count = page->view.layouts.first_count;
    struct shown_layouts *shown = &page->shown;

    shown->layouts = arena_allocate(page->view.arena, count + 1, sizeof(*shown->layouts));
    shown->are_shown = arena_allocate(page->view.arena, count + 1, sizeof(*shown->are_shown));
    if (!shown->layouts || !shown->are_shown)
        return error_out_of_memory();
    show(page, page->newest);
    for (size_t i = 0; i < folds->count; i++)
        show_last(page, &folds->folds[i]);
    for (size_t i = 0; i < count; i++) {
        shown->are_shown[i] = shown->are_shown[i] || count <= COLUMN_FOLDS_UNFOLDED;
        if (shown->are_shown[i])
            shown->layouts[shown->count++] = i;
    }
    return NULL;
}
