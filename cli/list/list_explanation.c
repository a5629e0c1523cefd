/* SPDX-License-Identifier: MIT */
#include "cli/list/list_explanation.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel/grouping.h"
#include "run/fetching/pattern_resolution.h"

void list_explanation_deinit(struct list_explanation *explanation)
{
    kernel_groups_deinit(&explanation->groups);
    free(explanation->lines);
    free(explanation->kernels);
    lock_keeper_end(&explanation->keeper);
    kernel_list_deinit(&explanation->written);
    kernel_list_deinit(&explanation->resolved);
}

static void add_kernel(struct list_explanation *explanation, const struct kernel_entry *entry)
{
    const struct lock_keeper *keeper = &explanation->keeper;
    /* A local file is taken as it is. */
    const struct locked_package *locked =
        entry->file ? NULL : lock_file_find(&keeper->lock, entry->name.text);

    explanation->kernels[explanation->kernel_count++] = (struct explained_kernel){
        .entry = entry,
        .locked = locked,
        .is_lock_obsolete = locked && !lock_keeper_find(keeper, entry),
    };
}

/* A line with braces has several entries, each with a kernel of its own. */
static bool stands_for(const struct kernel_entry *entry, const struct kernel_entry *kernel)
{
    if (kernel->is_pattern)
        return false;
    return entry->is_pattern ? kernel->line == entry->line
                             : strcmp(kernel->name.text, entry->name.text) == 0;
}

/* The kernels that the line stands for. */
static void add_line(struct list_explanation *explanation, size_t number)
{
    const struct kernel_entry *entry = &explanation->written.entries[number];
    struct explained_line *line = &explanation->lines[number];

    *line = (struct explained_line){.entry = entry, .first_kernel = explanation->kernel_count};
    for (size_t i = 0; i < explanation->resolved.count; i++) {
        const struct kernel_entry *kernel = &explanation->resolved.entries[i];
        if (stands_for(entry, kernel))
            add_kernel(explanation, kernel);
    }
    line->kernel_count = explanation->kernel_count - line->first_kernel;
}

/* Those of the explained kernels that a report would have. */
struct wanted_kernels {
    size_t count;
    size_t *indexes;           /* of explained kernels */
    struct kernel_name *names; /* their entries' */
    const char **overrides;
    size_t baseline;
};

static void wanted_kernels_deinit(struct wanted_kernels *wanted)
{
    free(wanted->indexes);
    free(wanted->names);
    free(wanted->overrides);
}

static struct error *select_wanted(const struct list_explanation *explanation,
                                   struct wanted_kernels *wanted)
{
    size_t room = explanation->kernel_count + 1;

    *wanted = (struct wanted_kernels){
        .indexes = calloc(room, sizeof(*wanted->indexes)),
        .names = calloc(room, sizeof(*wanted->names)),
        .overrides = calloc(room, sizeof(*wanted->overrides)),
        .baseline = GROUPING_NO_BASELINE,
    };
    if (!wanted->indexes || !wanted->names || !wanted->overrides)
        return error_out_of_memory();
    for (size_t i = 0; i < explanation->kernel_count; i++) {
        const struct kernel_entry *entry = explanation->kernels[i].entry;
        if (entry->skip_reason)
            continue;
        if (entry->is_baseline)
            wanted->baseline = wanted->count;
        wanted->indexes[wanted->count] = i;
        wanted->names[wanted->count] = entry->name;
        wanted->overrides[wanted->count++] = entry->group;
    }
    return NULL;
}

/* Without one in the list it is the first of the kernels as they are ordered. */
static void mark_baseline(struct list_explanation *explanation, const struct wanted_kernels *wanted)
{
    size_t baseline = wanted->baseline;

    explanation->names_baseline = baseline != GROUPING_NO_BASELINE;
    if (wanted->count == 0)
        return;
    if (!explanation->names_baseline) {
        baseline = 0;
        for (size_t i = 1; i < wanted->count; i++) {
            if (kernel_name_compare(&wanted->names[i], &wanted->names[baseline]) < 0)
                baseline = i;
        }
    }
    explanation->kernels[wanted->indexes[baseline]].is_baseline = true;
}

static void note_group(struct list_explanation *explanation, const struct wanted_kernels *wanted,
                       const struct kernel_group *group)
{
    for (size_t i = 0; i < group->kernel_count; i++)
        explanation->kernels[wanted->indexes[group->kernels[i]]].group = group->name;
    for (size_t i = 0; i < group->pair_count; i++) {
        size_t before = wanted->indexes[group->pairs[i].before];
        size_t after = wanted->indexes[group->pairs[i].after];
        if (before != after)
            explanation->kernels[after].compared_with = explanation->kernels[before].entry;
    }
}

static struct error *add_groups(struct list_explanation *explanation)
{
    CLEANUP(wanted_kernels_deinit) struct wanted_kernels wanted = {0};

    TRY(select_wanted(explanation, &wanted));
    TRY(grouping_build(wanted.names, wanted.overrides, wanted.count, wanted.baseline,
                       &explanation->groups));
    mark_baseline(explanation, &wanted);
    for (size_t i = 0; i < explanation->groups.count; i++)
        note_group(explanation, &wanted, &explanation->groups.groups[i]);
    return NULL;
}

struct error *list_explanation_make(struct cli *cli, struct list_explanation *explanation)
{
    *explanation = (struct list_explanation){.cli = cli};
    TRY(workspace_read_list(&cli->workspace, &explanation->written));
    TRY(workspace_read_list(&cli->workspace, &explanation->resolved));
    TRY(pattern_resolution_recall(&cli->workspace, &explanation->resolved));
    TRY(lock_keeper_begin(&cli->workspace, &explanation->keeper));
    explanation->lines = calloc(explanation->written.count + 1, sizeof(*explanation->lines));
    explanation->kernels = calloc(explanation->resolved.count + 1, sizeof(*explanation->kernels));
    if (!explanation->lines || !explanation->kernels)
        return error_out_of_memory();
    for (size_t i = 0; i < explanation->written.count; i++)
        add_line(explanation, i);
    return add_groups(explanation);
}
