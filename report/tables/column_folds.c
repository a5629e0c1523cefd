/* SPDX-License-Identifier: MIT */
#include "report/tables/column_folds.h"

#include <string.h>

#include "base/buffer.h"
#include "report/tables/kernel_columns.h"

enum { HEAD_MAXIMUM = 16 * 1024 };

/* Of "5.4" in "5.4.0" and in "5.4". */
static size_t series_length(const char *version)
{
    size_t length = strcspn(version, ".");

    return version[length] == '.' ? length + 1 + strcspn(version + length + 1, ".+") : length;
}

static bool is_same_series(const char *version, const char *other)
{
    size_t length = series_length(version);

    return length == series_length(other) && memcmp(version, other, length) == 0;
}

static bool belong_together(const struct report_context *context,
                            const struct kernel_column *column, const struct kernel_column *other)
{
    const struct coverage_kernel *one = coverage_of(context->input.coverage, column->kernel);
    const struct coverage_kernel *two = coverage_of(context->input.coverage, other->kernel);

    return column->group == other->group && one && two &&
           is_same_series(one->version, two->version) && strcmp(one->flavor, two->flavor) == 0 &&
           strcmp(one->architecture, two->architecture) == 0;
}

/* The only column's, or "5.4 – 5.4.12". */
static struct error *make_head(struct kernel_columns *columns, struct column_fold *fold)
{
    CLEANUP(buffer_deinit) struct buffer head;
    const char *first = columns->columns[fold->first].head;
    const char *last = columns->columns[fold->first + fold->count - 1].head;

    buffer_init(&head, HEAD_MAXIMUM);
    buffer_append_text(&head, first);
    if (fold->count > 1)
        buffer_append_format(&head, " – %s", last);
    TRY(buffer_check(&head, first));
    fold->head = arena_copy_text(&columns->arena, buffer_text(&head), head.length);
    return fold->head ? NULL : error_out_of_memory();
}

struct error *column_folds_make(const struct report_context *context,
                                struct kernel_columns *columns)
{
    bool are_folded = columns->count > COLUMN_FOLDS_UNFOLDED;
    struct column_folds *folds = &columns->folds;

    folds->folds = arena_allocate(&columns->arena, columns->count + 1, sizeof(*folds->folds));
    if (!folds->folds)
        return error_out_of_memory();
    for (size_t i = 0; i < columns->count; i++) {
        if (are_folded && i > 0 &&
            belong_together(context, &columns->columns[i - 1], &columns->columns[i]))
            folds->folds[folds->count - 1].count++;
        else
            folds->folds[folds->count++] = (struct column_fold){i, 1, NULL};
    }
    for (size_t i = 0; i < folds->count; i++)
        TRY(make_head(columns, &folds->folds[i]));
    return NULL;
}
