/* SPDX-License-Identifier: MIT */
#include "report/compare/kernel_difference.h"

#include "report/compare/holes.h"
#include "report/compare/kernel_scope.h"
#include "report/compare/survey.h"

static struct error *measure_waste(const struct layout *layout, struct layout_waste *waste)
{
    struct holes holes;

    if (layout->lacks_member_sizes)
        return NULL;
    TRY(holes_find(layout, HOLES_WHOLE_STRUCT, &holes));
    waste->is_known = true;
    for (size_t i = 0; i < holes.count; i++)
        waste->hole_bits += holes.holes[i].bit_size;
    waste->padding_bits = holes.padding_bits;
    holes_deinit(&holes);
    return NULL;
}

static struct error *describe_side(const struct history_struct *entry, size_t kernel,
                                   struct struct_side *side)
{
    side->layout = entry->layouts[kernel];
    if (!side->layout)
        return NULL;
    if (entry->places)
        side->place = entry->places[kernel];
    for (size_t i = 0; i < entry->further_count; i++)
        side->further_count += entry->further[i].kernel == kernel;
    return measure_waste(side->layout, &side->waste);
}

static void count_members(struct struct_change *change)
{
    for (uint32_t i = 0; i < change->comparison.change_count; i++) {
        enum fate fate = fate_of_member(change->comparison.changes[i].kinds);
        if (fate != FATE_NONE)
            change->member_counts[fate]++;
    }
}

static void count_struct(struct kernel_difference *difference, const struct struct_change *change)
{
    difference->added_count += change->fate == FATE_ADDED;
    difference->removed_count += change->fate == FATE_REMOVED;
    difference->changed_count += struct_change_is_in_both(change);
    difference->only_places_count += change->fate == FATE_ONLY_MOVED;
}

static struct error *compare_struct(const struct history_struct *entry,
                                    const struct kernel_scope *before,
                                    const struct kernel_scope *after,
                                    struct kernel_difference *difference)
{
    const struct layout *old = entry->layouts[before->kernel];
    const struct layout *new = entry->layouts[after->kernel];
    struct struct_change change = {
        .name = entry->name,
        .fate = fate_of_struct(!old ? SURVEY_ADDED : SURVEY_REMOVED),
    };
    const struct comparison_scopes scopes = {kernel_scope_of(before), kernel_scope_of(after)};

    difference->before_count += old != NULL;
    difference->after_count += new != NULL;
    if (old == new)
        return NULL;
    if (old && new) {
        TRY(layout_compare(old, new, &scopes, &difference->arena, &change.comparison));
        /* Not all in which layouts differ is a difference: a struct may be declared only. */
        if (change.comparison.kinds == 0)
            return NULL;
        change.fate = fate_of_struct(change.comparison.kinds);
        count_members(&change);
    }
    TRY(describe_side(entry, before->kernel, &change.before));
    TRY(describe_side(entry, after->kernel, &change.after));
    count_struct(difference, &change);
    difference->changes[difference->change_count++] = change;
    return NULL;
}

static struct error *compare_all(const struct history *history, size_t before, size_t after,
                                 const bool *is_wanted, struct kernel_difference *difference)
{
    const struct kernel_scope earlier = {history, before};
    const struct kernel_scope later = {history, after};

    difference->changes =
        arena_allocate(&difference->arena, history->struct_count + 1, sizeof(*difference->changes));
    if (!difference->changes)
        return error_out_of_memory();
    for (size_t i = 0; i < history->struct_count; i++) {
        if (!is_wanted || is_wanted[i])
            TRY(compare_struct(&history->structs[i], &earlier, &later, difference));
    }
    return NULL;
}

struct error *kernel_difference_make(const struct history *history, size_t before, size_t after,
                                     const bool *is_wanted,
                                     struct kernel_difference *difference_ret)
{
    struct kernel_difference difference = {
        .before_name = history->kernel_names[before],
        .after_name = history->kernel_names[after],
        .is_selection = is_wanted != NULL,
    };

    arena_init(&difference.arena);
    struct error *error = compare_all(history, before, after, is_wanted, &difference);
    if (error) {
        kernel_difference_deinit(&difference);
        return error;
    }
    *difference_ret = difference;
    return NULL;
}

void kernel_difference_deinit(struct kernel_difference *difference)
{
    arena_deinit(&difference->arena);
    *difference = (struct kernel_difference){0};
}
