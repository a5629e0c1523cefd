/* SPDX-License-Identifier: MIT */
#include "run/report/report_selection.h"

#include <stdlib.h>

void report_selection_deinit(struct report_selection *selection)
{
    for (size_t i = 0; i < selection->count; i++)
        kernel_name_deinit(&selection->names[i]);
    free(selection->names);
    free(selection->texts);
    free(selection->groups);
    kernel_groups_deinit(&selection->kernel_groups);
}

static struct error *add_kernel(struct report_selection *selection, const char *name,
                                const char *group, bool is_baseline)
{
    size_t index = selection->count;

    TRY(kernel_name_parse(name, &selection->names[index]));
    selection->texts[index] = selection->names[index].text;
    selection->groups[index] = group;
    if (is_baseline)
        selection->baseline = index;
    selection->count++;
    return NULL;
}

static struct error *allocate(struct report_selection *selection, size_t count)
{
    selection->names = calloc(count + 1, sizeof(*selection->names));
    selection->texts = calloc(count + 1, sizeof(*selection->texts));
    selection->groups = calloc(count + 1, sizeof(*selection->groups));
    selection->baseline = GROUPING_NO_BASELINE;
    if (!selection->names || !selection->texts || !selection->groups)
        return error_out_of_memory();
    return NULL;
}

static struct error *select_listed(struct workspace *workspace, const struct kernel_list *list,
                                   const struct dataset_kernels *kernels,
                                   struct report_selection *selection)
{
    const struct kernel_entry *lacking_baseline = NULL;

    TRY(allocate(selection, list->count));
    for (size_t i = 0; i < list->count; i++) {
        const struct kernel_entry *entry = &list->entries[i];
        bool is_there = dataset_kernels_find(kernels, entry->name.text) != NULL;
        if (!is_there && entry->is_baseline)
            lacking_baseline = entry;
        if (is_there && !entry->skip_reason)
            TRY(add_kernel(selection, entry->name.text, entry->group, entry->is_baseline));
    }
    if (selection->count == 0)
        return error_create(ERROR_NOT_FOUND, list->path,
                            "the data set has none of its kernels; `kstruct run` gets them, "
                            "`kstruct report --all` takes what is there");
    if (lacking_baseline)
        log_write(&workspace->log, LOG_WARNING,
                  "%s: the baseline is not in the data set; the report takes another one",
                  lacking_baseline->name.text);
    return NULL;
}

static struct error *select_all(const struct dataset_kernels *kernels,
                                struct report_selection *selection)
{
    TRY(allocate(selection, kernels->count));
    for (size_t i = 0; i < kernels->count; i++)
        TRY(add_kernel(selection, kernels->kernels[i].name, NULL, false));
    if (selection->count == 0)
        return error_create(ERROR_NOT_FOUND, NULL,
                            "the data set has no kernels yet; `kstruct run` gets them");
    return NULL;
}

struct error *report_select(struct workspace *workspace, const struct kernel_list *list,
                            const struct dataset_kernels *kernels,
                            struct report_selection *selection)
{
    *selection = (struct report_selection){0};
    TRY(list ? select_listed(workspace, list, kernels, selection) : select_all(kernels, selection));
    return grouping_build(selection->names, selection->groups, selection->count,
                          selection->baseline, &selection->kernel_groups);
}
