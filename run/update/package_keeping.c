/* SPDX-License-Identifier: MIT */
#include "run/update/package_keeping.h"

#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "fetch/package/kept/package_cache.h"
#include "fetch/package/package_name.h"

/* What decides about packages: what is kept, and what the data set has. */
struct keeping_rules {
    const struct package_keeping *keeping;
    const struct dataset_kernels *stored;
    const char *directory; /* of the packages */
};

static bool was_fetched(const struct package_keeping *keeping, const char *file_name)
{
    for (size_t i = 0; i < keeping->fetched_count; i++) {
        const char *path = keeping->fetched[i].path;
        if (path && strcmp(path_base_name(path), file_name) == 0)
            return true;
    }
    return false;
}

static bool was_read(const struct dataset_kernels *stored, const char *sha256)
{
    for (size_t i = 0; i < stored->count; i++) {
        if (strcmp(stored->kernels[i].sha256, sha256) == 0)
            return true;
    }
    return false;
}

/* Is that a name that the package of ENTRY is kept under? */
static bool is_package_of(const struct package_keeping *keeping, const struct kernel_entry *entry,
                          const char *file_name)
{
    const struct locked_package *locked = lock_keeper_find(keeping->lock, entry);
    const char *url = entry->url ? entry->url : locked ? locked->url : NULL;
    CLEANUP(package_kept_names_deinit) struct package_kept_names names = {0};
    bool is_one = false;

    if (!url)
        return false;
    struct error *error = package_kept_names_init(entry->name.text, url, &names);
    for (size_t i = 0; i < PACKAGE_KEPT_NAME_COUNT && !error && !is_one; i++)
        is_one = strcmp(names.names[i], file_name) == 0;
    error_destroy(error);
    return is_one;
}

/* Was it fetched, or taken up again, since this run has begun? */
static bool is_waiting(const struct keeping_rules *rules, const char *file_name)
{
    CLEANUP(free_pointer) char *path = path_join(rules->directory, file_name);
    struct stat status;

    return rules->keeping->since > 0 && path && stat(path, &status) == 0 &&
           status.st_mtime >= rules->keeping->since;
}

static bool is_needed(void *context, const char *file_name, const char *sha256)
{
    const struct keeping_rules *rules = context;
    const struct package_keeping *keeping = rules->keeping;

    if (was_fetched(keeping, file_name))
        return true;
    if (was_read(rules->stored, sha256))
        return false;
    if (is_waiting(rules, file_name))
        return true;
    for (size_t i = 0; i < keeping->list->count; i++) {
        const struct kernel_entry *entry = &keeping->list->entries[i];
        if (!entry->skip_reason && is_package_of(keeping, entry, file_name))
            return true;
    }
    return false;
}

static struct error *trim(const struct package_keeping *keeping,
                          const struct dataset_kernels *stored)
{
    CLEANUP(free_pointer) char *directory = NULL;
    struct keeping_rules rules = {.keeping = keeping, .stored = stored};
    const struct package_cache_rules cache_rules = {
        .maximum_bytes = keeping->workspace->settings.keep_bytes,
        .is_needed = is_needed,
        .context = &rules,
        .log = &keeping->workspace->log,
    };
    TRY(workspace_path(keeping->workspace, "packages", &directory));
    rules.directory = directory;
    return package_cache_trim(directory, &cache_rules);
}

/* Without a data set, nothing was read yet. */
static struct error *trim_unread(const struct package_keeping *keeping)
{
    struct dataset_kernels stored = {0};
    struct dataset *dataset = NULL;
    struct error *error = workspace_open_dataset(keeping->workspace, DATASET_READ, &dataset);

    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return trim(keeping, &stored);
    }
    if (!error)
        error = dataset_list(dataset, &stored);
    dataset_close(dataset);
    if (!error)
        error = trim(keeping, &stored);
    dataset_kernels_deinit(&stored);
    return error;
}

static struct error *trim_read(const struct package_keeping *keeping, struct dataset *dataset)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels stored = {0};

    TRY(dataset_list(dataset, &stored));
    return trim(keeping, &stored);
}

void package_keeping_apply(const struct package_keeping *keeping, struct dataset *dataset)
{
    uint64_t keep_bytes = keeping->workspace->settings.keep_bytes;

    if (keep_bytes == SETTINGS_KEEP_NONE || keep_bytes == SETTINGS_KEEP_ALL)
        return;
    struct error *error = dataset ? trim_read(keeping, dataset) : trim_unread(keeping);
    if (error)
        log_write(&keeping->workspace->log, LOG_WARNING,
                  "%s: %s: packages are not kept within `keep`",
                  error->where ? error->where : "packages", error->why);
    error_destroy(error);
}
