/* SPDX-License-Identifier: MIT */
#include "report/pages/definition_view.h"

struct error *definition_view_make(const struct report_context *context, size_t entry_index,
                                   struct arena *arena, struct definition_view *view_ret)
{
    const struct history *history = context->input.history;

    *view_ret = (struct definition_view){
        .context = context,
        .history = history,
        .entry = &history->definitions[entry_index],
        .entry_index = entry_index,
        .arena = arena,
    };
    return distinct_layouts_list(history, context->input.groups, view_ret->entry, arena,
                                 &view_ret->layouts);
}

size_t definition_view_count_present(const struct definition_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < view->layouts.kernel_count; i++)
        count += view->layouts.of_kernels[i] != DISTINCT_LAYOUT_NONE;
    return count;
}

const struct history_place *definition_view_place(const struct definition_view *view, size_t kernel)
{
    static const struct history_place unknown = {0};

    return view->entry->places ? &view->entry->places[kernel] : &unknown;
}

/* Of kernels of which both have the same layout, or both none. */
static bool are_alike(const struct definition_view *view, size_t one, size_t other)
{
    const struct history_modules modules = history_modules_of(view->entry, one);
    const struct history_modules others = history_modules_of(view->entry, other);

    if (view->layouts.of_kernels[one] == DISTINCT_LAYOUT_NONE)
        return history_lacks_modules(view->history, one) ==
               history_lacks_modules(view->history, other);
    return history_places_are_equal(definition_view_place(view, one),
                                    definition_view_place(view, other)) &&
           history_modules_are_equal(&modules, &others);
}

/* LATEST_OF_LAYOUT is the head of the layout's rows. */
static void add_kernel(const struct definition_view *view, struct alike_kernel_rows *rows,
                       size_t *latest_of_layout, size_t kernel)
{
    size_t number = *latest_of_layout;

    while (number != 0 && !are_alike(view, rows->rows[number].first, kernel))
        number = rows->rows[number].next_of_layout;
    rows->next[kernel] = DISTINCT_LAYOUT_NONE;
    if (number != 0) {
        rows->next[rows->rows[number].last] = kernel;
        rows->rows[number].last = kernel;
        return;
    }
    number = ++rows->count;
    rows->rows[number] = (struct alike_kernels){
        .layout = view->layouts.of_kernels[kernel],
        .first = kernel,
        .last = kernel,
        .next_of_layout = *latest_of_layout,
    };
    *latest_of_layout = number;
}

struct error *alike_kernels_list(const struct definition_view *view,
                                 struct alike_kernel_rows *rows_ret)
{
    const struct distinct_layouts *layouts = &view->layouts;
    size_t *latest = arena_allocate(view->arena, layouts->count + 1, sizeof(*latest));
    struct alike_kernel_rows rows = {
        .rows = arena_allocate(view->arena, layouts->kernel_count + 1, sizeof(*rows.rows)),
        .next = arena_allocate(view->arena, layouts->kernel_count + 1, sizeof(*rows.next)),
    };

    if (!latest || !rows.rows || !rows.next)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->kernel_count; i++) {
        size_t kernel = layouts->kernels[i];
        size_t layout = layouts->of_kernels[kernel];
        bool is_present = layout != DISTINCT_LAYOUT_NONE;
        add_kernel(view, &rows, &latest[is_present ? layout : layouts->count], kernel);
    }
    *rows_ret = rows;
    return NULL;
}
