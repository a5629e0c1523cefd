/* SPDX-License-Identifier: MIT */
#include "report/pages/distinct_layouts.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/write/c/declarator.h"

enum { TYPE_MAXIMUM = TYPE_TEXT_MAXIMUM * 2 };

/* Nearly all types that read alike are one; of the others hardly any has the same text. */
static bool types_read_alike(const struct type *a, const struct type *b)
{
    CLEANUP(buffer_deinit) struct buffer one;
    CLEANUP(buffer_deinit) struct buffer other;

    buffer_init(&one, TYPE_MAXIMUM);
    buffer_init(&other, TYPE_MAXIMUM);
    if (a == b || strcmp(type_text(a), type_text(b)) != 0)
        return a == b;
    declarator_append_type(&one, a);
    declarator_append_type(&other, b);
    return !one.has_failed && !other.has_failed &&
           strcmp(buffer_text(&one), buffer_text(&other)) == 0;
}

static bool members_read_alike(const struct layout_member *a, const struct layout_member *b)
{
    return a->bit_offset == b->bit_offset && a->byte_size == b->byte_size &&
           a->bitfield_size == b->bitfield_size && a->depth == b->depth &&
           strcmp(a->name, b->name) == 0 && types_read_alike(a->type, b->type);
}

static bool layouts_read_alike(const struct layout *a, const struct layout *b)
{
    if (a == b)
        return true;
    if (a->byte_size != b->byte_size || a->member_count != b->member_count ||
        a->lacks_member_sizes != b->lacks_member_sizes || !layouts_have_same_enumerators(a, b) ||
        (a->type && b->type && !types_read_alike(a->type, b->type)) ||
        (a->encoding && b->encoding && strcmp(a->encoding, b->encoding) != 0))
        return false;
    for (uint32_t i = 0; i < a->member_count; i++) {
        if (!members_read_alike(&a->members[i], &b->members[i]))
            return false;
    }
    return true;
}

/* The number of the layout, which is new if none reads like it. Neighbouring kernels tend to share
 * one, so the latest is tried first. */
static size_t number_of(struct distinct_layouts *layouts, const struct layout *layout)
{
    for (size_t i = layouts->count; i-- > 0;) {
        if (layouts_read_alike(layouts->layouts[i], layout))
            return i;
    }
    layouts->layouts[layouts->count] = layout;
    return layouts->count++;
}

static struct error *allocate(const struct history *history, const struct history_definition *entry,
                              struct arena *arena, struct distinct_layouts *layouts)
{
    size_t kernel_count = history->kernel_count;

    layouts->kernels = arena_allocate(arena, kernel_count + 1, sizeof(*layouts->kernels));
    layouts->of_kernels = arena_allocate(arena, kernel_count + 1, sizeof(*layouts->of_kernels));
    layouts->of_further =
        arena_allocate(arena, entry->further_count + 1, sizeof(*layouts->of_further));
    layouts->layouts =
        arena_allocate(arena, kernel_count + entry->further_count + 1, sizeof(*layouts->layouts));
    if (!layouts->kernels || !layouts->of_kernels || !layouts->of_further || !layouts->layouts)
        return error_out_of_memory();
    return NULL;
}

static void add_kernel(struct distinct_layouts *layouts, size_t kernel, bool *is_listed)
{
    if (is_listed[kernel])
        return;
    is_listed[kernel] = true;
    layouts->kernels[layouts->kernel_count++] = kernel;
}

static struct error *order_kernels(const struct history *history,
                                   const struct kernel_groups *groups, struct arena *arena,
                                   struct distinct_layouts *layouts)
{
    bool *is_listed = arena_allocate(arena, history->kernel_count + 1, sizeof(*is_listed));

    if (!is_listed)
        return error_out_of_memory();
    for (size_t i = 0; i < groups->count; i++) {
        for (size_t j = 0; j < groups->groups[i].kernel_count; j++)
            add_kernel(layouts, groups->groups[i].kernels[j], is_listed);
    }
    for (size_t i = 0; i < history->kernel_count; i++)
        add_kernel(layouts, i, is_listed);
    return NULL;
}

struct error *distinct_layouts_list(const struct history *history,
                                    const struct kernel_groups *groups,
                                    const struct history_definition *entry, struct arena *arena,
                                    struct distinct_layouts *layouts_ret)
{
    struct distinct_layouts layouts = {0};

    TRY(allocate(history, entry, arena, &layouts));
    TRY(order_kernels(history, groups, arena, &layouts));
    for (size_t i = 0; i < layouts.kernel_count; i++) {
        size_t kernel = layouts.kernels[i];
        const struct layout *layout = entry->layouts[kernel];
        layouts.of_kernels[kernel] = layout ? number_of(&layouts, layout) : DISTINCT_LAYOUT_NONE;
    }
    layouts.first_count = layouts.count;
    for (size_t i = 0; i < entry->further_count; i++)
        layouts.of_further[i] = number_of(&layouts, entry->further[i].layout);
    *layouts_ret = layouts;
    return NULL;
}
