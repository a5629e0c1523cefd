/* SPDX-License-Identifier: MIT */
#include "report/tables/kernel_legend.h"

#include <stdbool.h>

#include "report/write/markdown.h"

/* The kernel that all of the group are compared with, or NULL if it is not one. */
static const size_t *only_before(const struct kernel_group *group)
{
    for (size_t i = 1; i < group->pair_count; i++) {
        if (group->pairs[i].before != group->pairs[0].before)
            return NULL;
    }
    return group->pair_count > 0 ? &group->pairs[0].before : NULL;
}

/* Is each kernel of the group compared with the one before it? */
static bool is_chain(const struct kernel_group *group)
{
    if (group->pair_count + 1 != group->kernel_count)
        return false;
    for (size_t i = 0; i < group->pair_count; i++) {
        if (group->pairs[i].before != group->kernels[i] ||
            group->pairs[i].after != group->kernels[i + 1])
            return false;
    }
    return true;
}

/* What the column's kernel is compared with, where the group as a whole does not tell. */
static void append_before(const struct report_context *context, const struct kernel_column *column,
                          struct buffer *out)
{
    if (column->pair == COLUMN_WITHOUT_PAIR || is_chain(column->group) ||
        only_before(column->group))
        return;
    size_t before = context->survey.pairs[column->pair].kernels.before;
    buffer_append_text(out, ", compared with ");
    markdown_append_code(out, report_kernel_name(context, before));
}

/* ", each compared with the one before" */
static void append_comparison(const struct report_context *context,
                              const struct kernel_group *group, struct buffer *out)
{
    const size_t *before = only_before(group);

    if (is_chain(group)) {
        buffer_append_text(out, ", each compared with the one before");
    } else if (before) {
        buffer_append_text(out, ", compared with ");
        markdown_append_code(out, report_kernel_name(context, *before));
    }
}

/* "4.4 = `4.4.0-21-generic-amd64`" */
static void append_column(const struct report_context *context, const struct kernel_column *column,
                          struct buffer *out)
{
    markdown_append_text(out, column->head);
    buffer_append_text(out, " = ");
    markdown_append_code(out, report_kernel_name(context, column->kernel));
    append_before(context, column, out);
}

/* "5.4 – 5.4.12 = 13 kernels from `5.4.0-26-generic-amd64` to `5.4.12-26-generic-amd64`" */
static void append_fold(const struct report_context *context, const struct kernel_column *columns,
                        const struct column_fold *fold, struct buffer *out)
{
    const struct kernel_column *first = &columns[fold->first];

    if (fold->count == 1) {
        append_column(context, first, out);
        return;
    }
    markdown_append_text(out, fold->head);
    buffer_append_format(out, " = %zu kernels from ", fold->count);
    markdown_append_code(out, report_kernel_name(context, first->kernel));
    buffer_append_text(out, " to ");
    markdown_append_code(out, report_kernel_name(context, first[fold->count - 1].kernel));
}

void kernel_legend_append(const struct report_context *context,
                          const struct kernel_columns *columns, bool are_folded,
                          const struct kernel_group *group, struct buffer *out)
{
    size_t count = are_folded ? columns->folds.count : columns->count;
    const char *separator = ": ";

    append_comparison(context, group, out);
    for (size_t i = 0; i < count; i++) {
        const struct column_fold single = {i, 1, NULL};
        const struct column_fold *fold = are_folded ? &columns->folds.folds[i] : &single;
        if (columns->columns[fold->first].group != group)
            continue;
        buffer_append_text(out, separator);
        append_fold(context, columns->columns, fold, out);
        separator = "; ";
    }
}
