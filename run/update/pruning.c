/* SPDX-License-Identifier: MIT */
#include "run/update/pruning.h"

/* A pattern for which nobody has said yet what it stands for; NULL: there is none. */
static const struct kernel_entry *find_unresolved(const struct kernel_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].is_pattern && !list->entries[i].skip_reason)
            return &list->entries[i];
    }
    return NULL;
}

static size_t count_unlisted(const struct dataset_kernels *stored, const struct kernel_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < stored->count; i++)
        count += kernel_list_find(list, stored->kernels[i].name) == NULL;
    return count;
}

static struct error *remove_unlisted(struct workspace *workspace, struct dataset *dataset,
                                     const struct dataset_kernels *stored,
                                     const struct kernel_list *list)
{
    for (size_t i = 0; i < stored->count; i++) {
        const char *name = stored->kernels[i].name;
        if (kernel_list_find(list, name))
            continue;
        TRY(dataset_remove_kernel(dataset, name));
        log_write(&workspace->log, LOG_NOTICE, "%s: is not in the list, and removed", name);
    }
    return NULL;
}

struct error *prune_dataset(struct workspace *workspace, struct dataset *dataset,
                            const struct kernel_list *list)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels stored = {0};
    const struct kernel_entry *unresolved = find_unresolved(list);

    if (unresolved) {
        log_write(
            &workspace->log, LOG_WARNING,
            "%s: stands for no kernel yet, so it is not known which ones the list lacks: none "
            "is removed",
            unresolved->name.text);
        return NULL;
    }
    TRY(dataset_list(dataset, &stored));
    if (count_unlisted(&stored, list) > 0) {
        TRY(dataset_check(dataset));
        TRY(remove_unlisted(workspace, dataset, &stored, list));
    }
    return dataset_drop_unused(dataset);
}
