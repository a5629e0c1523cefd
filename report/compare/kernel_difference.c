/* SPDX-License-Identifier: MIT */
#include "report/compare/kernel_difference.h"

#include "report/compare/holes.h"
#include "report/compare/survey.h"

static struct error *measure_waste(const struct layout *layout, struct layout_waste *waste)
{
    struct holes holes;

    if (!holes_are_known(layout))
        return NULL;
    TRY(holes_find(layout, HOLES_WHOLE_STRUCT, &holes));
    waste->is_known = true;
    for (size_t i = 0; i < holes.count; i++)
        waste->hole_bits += holes.holes[i].bit_size;
    waste->padding_bits = holes.padding_bits;
    holes_deinit(&holes);
    return NULL;
}

static struct error *describe_side(const struct history_definition *entry, size_t kernel,
                                   struct definition_side *side)
{
    side->layout = entry->layouts[kernel];
    if (!side->layout)
        return NULL;
    if (entry->places)
        side->place = entry->places[kernel];
    side->modules = history_modules_of(entry, kernel);
    for (size_t i = 0; i < entry->further_count; i++)
        side->further_count += entry->further[i].kernel == kernel;
    return measure_waste(side->layout, &side->waste);
}

static void count_members(struct definition_change *change)
{
    for (uint32_t i = 0; i < change->comparison.change_count; i++) {
        enum fate fate = fate_of_member(change->comparison.changes[i].kinds);
        if (fate != FATE_NONE)
            change->member_counts[fate]++;
    }
}

static void count_definition(struct kind_counts *counts, const struct definition_change *change)
{
    counts->added += change->fate == FATE_ADDED;
    counts->removed += change->fate == FATE_REMOVED;
    counts->changed += definition_change_is_in_both(change);
    counts->only_moved += change->fate == FATE_ONLY_MOVED;
}

static struct error *compare_definition(const struct history *history,
                                        const struct history_definition *entry, size_t before,
                                        size_t after, struct kernel_difference *difference)
{
    const struct layout *old = entry->layouts[before];
    const struct layout *new = entry->layouts[after];
    struct kind_counts *counts = &difference->counts[entry->kind];
    struct definition_change change = {
        .kind = entry->kind,
        .name = entry->name,
        .fate = fate_of_definition(!old ? SURVEY_ADDED : SURVEY_REMOVED),
    };
    const struct comparison_scopes scopes = comparison_scopes_of(history, entry, before, after);

    if (history_is_half_known(history, entry, before, after))
        return NULL;
    counts->before += old != NULL;
    counts->after += new != NULL;
    if (old == new || !definition_is_compared(entry->kind, old, new))
        return NULL;
    if (old && new) {
        TRY(layout_compare(old, new, &scopes, &difference->arena, &change.comparison));
        /* Not all in which layouts differ is a difference: a struct may be declared only. */
        if (change.comparison.kinds == 0)
            return NULL;
        change.fate = fate_of_definition(change.comparison.kinds);
        count_members(&change);
    }
    TRY(describe_side(entry, before, &change.before));
    TRY(describe_side(entry, after, &change.after));
    count_definition(counts, &change);
    difference->changes[difference->change_count++] = change;
    return NULL;
}

static struct error *compare_all(const struct history *history, size_t before, size_t after,
                                 const bool *is_wanted, struct kernel_difference *difference)
{
    difference->changes = arena_allocate(&difference->arena, history->definition_count + 1,
                                         sizeof(*difference->changes));
    if (!difference->changes)
        return error_out_of_memory();
    unsigned kinds = history_kinds(history, before) & history_kinds(history, after);
    for (size_t i = 0; i < history->definition_count; i++) {
        const struct history_definition *entry = &history->definitions[i];
        if ((kinds & DEFINITION_KIND_BIT(entry->kind)) && (!is_wanted || is_wanted[i]))
            TRY(compare_definition(history, entry, before, after, difference));
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
