/* SPDX-License-Identifier: MIT */
#include "report/tables/kernel_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { HEAD_MAXIMUM = 4096 };

/* How much a head tells. */
enum detail { DETAIL_LEAST, DETAIL_WITH_ABI, DETAIL_WHOLE_NAME, DETAIL_COUNT };

const struct kernel_column *kernel_columns_find(const struct kernel_columns *columns, size_t kernel)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->columns[i].kernel == kernel)
            return &columns->columns[i];
    }
    return NULL;
}

static size_t find_pair(const struct survey *survey, size_t kernel)
{
    for (size_t i = 0; i < survey->pair_count; i++) {
        if (survey->pairs[i].kernels.after == kernel)
            return i;
    }
    return COLUMN_WITHOUT_PAIR;
}

static struct error *list_columns(const struct report_context *context,
                                  struct kernel_columns *columns)
{
    const struct kernel_groups *groups = context->input.groups;
    size_t maximum = 0;

    for (size_t i = 0; i < groups->count; i++)
        maximum += groups->groups[i].kernel_count;
    columns->columns = arena_allocate(&columns->arena, maximum + 1, sizeof(*columns->columns));
    if (!columns->columns)
        return error_out_of_memory();
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        for (size_t j = 0; j < group->kernel_count; j++) {
            size_t kernel = group->kernels[j];
            if (!kernel_columns_find(columns, kernel))
                columns->columns[columns->count++] = (struct kernel_column){
                    kernel, group, find_pair(&context->survey, kernel), NULL, false};
        }
    }
    return NULL;
}

/* A kernel that has a struct with a size was read from where sizes are told. */
static void find_places(const struct history *history, struct kernel_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct kernel_column *column = &columns->columns[i];
        bool is_empty = true;
        for (size_t j = 0; j < history->definition_count && !column->has_places; j++) {
            const struct layout *layout = history->definitions[j].layouts[column->kernel];
            column->has_places = layout && layout->byte_size > 0;
            is_empty = is_empty && !layout;
        }
        column->has_places = column->has_places || is_empty;
    }
}

/* "5.4" for "5.4.0", "6.12.107" for "6.12.107+deb13". */
static size_t short_version_length(const char *version)
{
    size_t length = strcspn(version, "+");
    const char *first_dot = memchr(version, '.', length);

    if (first_dot && length > 2 && memcmp(version + length - 2, ".0", 2) == 0 &&
        first_dot < version + length - 2)
        length -= 2;
    return length;
}

static void append_part(struct buffer *head, const char *part, const char *baseline_part)
{
    if (part[0] == '\0' || strcmp(part, baseline_part) == 0)
        return;
    if (head->length > 0)
        buffer_append_char(head, ' ');
    buffer_append_text(head, part);
}

/* BASELINE may be KERNEL itself. */
static void append_head(struct buffer *head, const struct coverage_kernel *kernel,
                        const struct coverage_kernel *baseline, enum detail detail)
{
    bool has_other_version = strcmp(kernel->version, baseline->version) != 0;
    bool has_other_parts = strcmp(kernel->flavor, baseline->flavor) != 0 ||
                           strcmp(kernel->architecture, baseline->architecture) != 0;

    if (detail == DETAIL_WHOLE_NAME || kernel->version[0] == '\0') {
        buffer_append_text(head, kernel->name);
        return;
    }
    if (detail == DETAIL_WITH_ABI) {
        buffer_append_text(head, kernel->version);
        if (kernel->abi[0] != '\0')
            buffer_append_format(head, "-%s", kernel->abi);
    } else if (has_other_version || !has_other_parts) {
        buffer_append(head, kernel->version, short_version_length(kernel->version));
    }
    append_part(head, kernel->flavor, baseline->flavor);
    append_part(head, kernel->architecture, baseline->architecture);
    /* It has no flavor, and the baseline has one. */
    if (head->length == 0)
        buffer_append(head, kernel->version, short_version_length(kernel->version));
}

/* The heads under construction. */
struct head_maker {
    const struct report_context *context;
    struct kernel_columns *columns;
    const struct coverage_kernel *baseline; /* NULL: there is none */
    enum detail *details;                   /* by column */
    bool *is_ambiguous;                     /* by column */
};

static struct error *make_head(struct head_maker *maker, struct kernel_column *column,
                               enum detail detail)
{
    CLEANUP(buffer_deinit) struct buffer head;
    const struct report_input *input = &maker->context->input;
    const char *name = input->history->kernel_names[column->kernel];
    const struct coverage_kernel *kernel = coverage_of(input->coverage, column->kernel);

    buffer_init(&head, HEAD_MAXIMUM);
    if (kernel)
        append_head(&head, kernel, maker->baseline ? maker->baseline : kernel, detail);
    else
        buffer_append_text(&head, name);
    TRY(buffer_check(&head, name));
    column->head = arena_copy_text(&maker->columns->arena, buffer_text(&head), head.length);
    return column->head ? NULL : error_out_of_memory();
}

/* Marks the columns whose head another one has, too; false if there is none. */
static bool find_ambiguous(struct head_maker *maker)
{
    const struct kernel_columns *columns = maker->columns;
    bool is_any = false;

    for (size_t i = 0; i < columns->count; i++) {
        maker->is_ambiguous[i] = false;
        for (size_t j = 0; j < columns->count; j++) {
            if (i != j && strcmp(columns->columns[i].head, columns->columns[j].head) == 0)
                maker->is_ambiguous[i] = is_any = true;
        }
    }
    return is_any;
}

static struct error *make_heads(struct head_maker *maker)
{
    struct kernel_columns *columns = maker->columns;

    for (size_t i = 0; i < columns->count; i++)
        TRY(make_head(maker, &columns->columns[i], DETAIL_LEAST));
    for (int round = 1; round < DETAIL_COUNT && find_ambiguous(maker); round++) {
        for (size_t i = 0; i < columns->count; i++) {
            if (maker->is_ambiguous[i])
                TRY(make_head(maker, &columns->columns[i], ++maker->details[i]));
        }
    }
    return NULL;
}

/* Where none is marked, the first kernel of the first group is what others are compared with. */
static const struct coverage_kernel *find_baseline(const struct coverage *coverage,
                                                   const struct kernel_columns *columns)
{
    for (size_t i = 0; i < coverage->count; i++) {
        if (coverage->kernels[i].is_baseline)
            return &coverage->kernels[i];
    }
    return columns->count > 0 ? coverage_of(coverage, columns->columns[0].kernel) : NULL;
}

static struct error *make(const struct report_context *context, struct kernel_columns *columns)
{
    struct head_maker maker = {
        .context = context,
        .columns = columns,
    };

    TRY(list_columns(context, columns));
    find_places(context->input.history, columns);
    maker.baseline = find_baseline(context->input.coverage, columns);
    maker.details = arena_allocate(&columns->arena, columns->count, sizeof(*maker.details));
    maker.is_ambiguous =
        arena_allocate(&columns->arena, columns->count, sizeof(*maker.is_ambiguous));
    if (!maker.details || !maker.is_ambiguous)
        return error_out_of_memory();
    TRY(make_heads(&maker));
    return column_folds_make(context, columns);
}

struct error *kernel_columns_make(const struct report_context *context,
                                  struct kernel_columns *columns_ret)
{
    struct kernel_columns columns = {0};

    arena_init(&columns.arena);
    struct error *error = make(context, &columns);
    if (error) {
        kernel_columns_deinit(&columns);
        return error;
    }
    *columns_ret = columns;
    return NULL;
}

void kernel_columns_deinit(struct kernel_columns *columns)
{
    arena_deinit(&columns->arena);
    *columns = (struct kernel_columns){0};
}
