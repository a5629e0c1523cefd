/* SPDX-License-Identifier: MIT */
#include "run/report/kernel_states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/system/file.h"
#include "base/text/hexadecimal.h"
#include "base/text/time_text.h"
#include "fetch/package/package_name.h"
#include "report/news/change_log.h"
#include "run/fetching/lock_keeper.h"
#include "run/report/reporting.h"
#include "run/update/kernel_retry.h"
#include "run/update/kernel_update.h"
#include "run/update/struct_count_check.h"

struct maker {
    struct workspace *workspace;
    struct kernel_states *states;
    struct lock_keeper lock;
    bool has_lock;
    struct change_log reported; /* what the report has */
};

const char *kernel_state_text(enum kernel_state state)
{
    static const char *const words[] = {
        [STATE_WANTED] = "wanted",     [STATE_FETCHED] = "fetched",
        [STATE_ANALYZED] = "analyzed", [STATE_REPORTED] = "reported",
        [STATE_SKIPPED] = "skipped",   [STATE_UNRESOLVED] = "unresolved",
    };

    return state < STATE_FAILURE ? words[state]
                                 : failure_state_word((enum failure_state)(state - STATE_FAILURE));
}

static enum kernel_state state_of_failure(enum error_code code)
{
    return (enum kernel_state)(STATE_FAILURE + error_failure(code)->state);
}

static struct error *copy_time(struct maker *maker, time_t time, const char **text_ret)
{
    char text[TIME_TEXT_BYTES];

    time_text(time, text);
    *text_ret = arena_copy_text(&maker->states->arena, text, strlen(text));
    return *text_ret ? NULL : error_out_of_memory();
}

static bool has_digest(const struct kernel_record *stored, const char *digest)
{
    char own[2 * LAYOUT_DIGEST_BYTES + 1];

    hexadecimal(stored->digest, LAYOUT_DIGEST_BYTES, own);
    return strcmp(own, digest) == 0;
}

static bool is_reported(const struct maker *maker, const struct kernel_record *stored)
{
    for (size_t i = 0; i < maker->reported.kernel_count; i++) {
        const struct logged_kernel *kernel = &maker->reported.kernels[i];
        if (strcmp(kernel->name, stored->name) == 0)
            return has_digest(stored, kernel->digest);
    }
    return false;
}

/* The time at which the package came that is locked for the kernel; -1 if it is not there. */
static struct error *find_package(const struct maker *maker, const struct kernel_entry *entry,
                                  time_t *time_ret)
{
    const struct locked_package *locked =
        maker->has_lock ? lock_keeper_find(&maker->lock, entry) : NULL;
    CLEANUP(package_kept_names_deinit) struct package_kept_names names = {0};
    CLEANUP(free_pointer) char *directory = NULL;
    struct stat status;

    *time_ret = -1;
    if (!locked)
        return NULL;
    TRY(package_kept_names_init(entry->name.text, locked->url, &names));
    TRY(workspace_path(maker->workspace, "packages", &directory));
    for (size_t i = 0; i < PACKAGE_KEPT_NAME_COUNT && *time_ret < 0; i++) {
        CLEANUP(free_pointer) char *path = path_join(directory, names.names[i]);
        if (!path)
            return error_out_of_memory();
        if (stat(path, &status) == 0 && (uint64_t)status.st_size == locked->byte_size)
            *time_ret = status.st_mtime;
    }
    return NULL;
}

static struct error *find_state_of_unread(struct maker *maker, const struct kernel_entry *entry,
                                          struct kernel_status *kernel)
{
    time_t arrival;

    if (kernel->failure) {
        kernel->state = state_of_failure(error_code_from_text(kernel->failure->kind));
        kernel->since = kernel->failure->first_failed_at;
        return NULL;
    }
    kernel->state = entry->is_pattern ? STATE_UNRESOLVED : STATE_WANTED;
    TRY(find_package(maker, entry, &arrival));
    if (arrival < 0)
        return NULL;
    kernel->state = STATE_FETCHED;
    return copy_time(maker, arrival, &kernel->since);
}

static void find_state_of_read(const struct maker *maker, struct kernel_status *kernel)
{
    kernel->state = is_reported(maker, kernel->stored) ? STATE_REPORTED : STATE_ANALYZED;
    kernel->since = kernel->stored->read_at;
}

static bool is_due(struct maker *maker, const struct kernel_entry *entry,
                   const struct dataset_failure *failure)
{
    return kernel_update_is_due(&maker->workspace->settings, maker->has_lock ? &maker->lock : NULL,
                                entry, failure, time(NULL));
}

static struct error *find_next_try(struct maker *maker, const struct kernel_entry *entry,
                                   struct kernel_status *kernel)
{
    const struct dataset_failure *failure = kernel->failure;

    if (!failure || is_due(maker, entry, failure))
        return NULL;
    time_t next =
        retry_time(error_code_from_text(failure->kind), failure->tries, failure->failed_at);
    return copy_time(maker, next, &kernel->next_try);
}

static struct error *find_warning(struct maker *maker, struct kernel_status *kernel)
{
    const struct dataset_kernels *stored = &maker->states->stored;
    CLEANUP(free_pointer) char *warning = NULL;

    TRY(struct_drop_describe(stored, (size_t)(kernel->stored - stored->kernels), &warning));
    if (!warning)
        return NULL;
    kernel->warning = arena_copy_text(&maker->states->arena, warning, strlen(warning));
    return kernel->warning ? NULL : error_out_of_memory();
}

static struct error *add_listed(struct maker *maker, const struct kernel_entry *entry)
{
    struct kernel_states *states = maker->states;
    const char *name = entry->name.text;
    struct kernel_status *kernel = &states->kernels[states->count++];

    *kernel = (struct kernel_status){
        .name = name,
        .is_listed = true,
        .stored = dataset_kernels_find(&states->stored, name),
        .failure = dataset_failures_find(&states->failures, name),
        .skip_reason = entry->skip_reason,
    };
    if (entry->skip_reason) {
        kernel->state = STATE_SKIPPED;
        return NULL;
    }
    TRY(find_next_try(maker, entry, kernel));
    if (!kernel->stored)
        return find_state_of_unread(maker, entry, kernel);
    kernel->is_outdated =
        !kernel_update_is_done(&maker->workspace->settings, entry, kernel->stored);
    find_state_of_read(maker, kernel);
    return find_warning(maker, kernel);
}

static struct error *add_all(struct maker *maker, const struct kernel_list *list)
{
    struct kernel_states *states = maker->states;
    size_t capacity = list->count + states->stored.count + 1;

    states->kernels = arena_allocate(&states->arena, capacity, sizeof(*states->kernels));
    if (!states->kernels)
        return error_out_of_memory();
    for (size_t i = 0; i < list->count; i++)
        TRY(add_listed(maker, &list->entries[i]));
    for (size_t i = 0; i < states->stored.count; i++) {
        const struct kernel_record *stored = &states->stored.kernels[i];
        if (kernel_list_find(list, stored->name))
            continue;
        struct kernel_status *kernel = &states->kernels[states->count++];
        *kernel = (struct kernel_status){.name = stored->name, .stored = stored};
        find_state_of_read(maker, kernel);
    }
    return NULL;
}

/* What is wrong with a lock file is told where it is needed. */
static struct error *begin(struct maker *maker)
{
    struct error *error = lock_keeper_begin(maker->workspace, &maker->lock);

    maker->has_lock = !error;
    if (error && error->code == ERROR_OUT_OF_MEMORY)
        return error;
    error_destroy(error);
    return reporting_recall(maker->workspace, &maker->reported);
}

struct error *kernel_states_make(struct workspace *workspace, struct dataset *dataset,
                                 const struct kernel_list *list, struct kernel_states *states)
{
    struct maker maker = {.workspace = workspace, .states = states};

    *states = (struct kernel_states){0};
    arena_init(&states->arena);
    if (dataset) {
        TRY(dataset_list(dataset, &states->stored));
        TRY(dataset_list_failures(dataset, &states->failures));
    }
    struct error *error = begin(&maker);
    if (!error)
        error = add_all(&maker, list);
    change_log_deinit(&maker.reported);
    lock_keeper_end(&maker.lock);
    return error;
}

void kernel_states_deinit(struct kernel_states *states)
{
    dataset_kernels_deinit(&states->stored);
    dataset_failures_deinit(&states->failures);
    arena_deinit(&states->arena);
    *states = (struct kernel_states){0};
}
