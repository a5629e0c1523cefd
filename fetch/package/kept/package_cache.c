/* SPDX-License-Identifier: MIT */
#include "fetch/package/kept/package_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "fetch/package/kept/package_record.h"

enum { LEFTOVER_SECONDS = 7 * 24 * 3600 };

struct kept_package {
    char *name;
    struct timespec used;
    uint64_t byte_size;
    char sha256[SHA256_HEX_LENGTH + 1];
};

struct package_cache {
    const char *directory;
    const struct package_cache_rules *rules;
    struct kept_package *packages;
    size_t count;
    uint64_t byte_size;
};

static void package_cache_deinit(struct package_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        free(cache->packages[i].name);
    free(cache->packages);
}

/* Is there a note of what the file at PATH is the beginning of? */
static bool has_origin(const char *path)
{
    CLEANUP(free_pointer) char *origin = NULL;
    struct error *error = package_record_path(path, &origin);
    bool is_there = !error && access(origin, F_OK) == 0;

    error_destroy(error);
    return is_there;
}

/* Of one whose beginning may lack a note. */
static bool is_package_name(const char *name)
{
    return name[0] != '.' && (text_has_suffix(name, ".deb") || text_has_suffix(name, ".ddeb"));
}

static struct error *add(struct package_cache *cache, const char *name, const char *path)
{
    struct kept_package package;
    struct stat status;

    if (!file_is_regular_at(AT_FDCWD, path, &status) || !package_record_hash(path, package.sha256))
        return NULL;
    struct kept_package *grown =
        reallocarray(cache->packages, cache->count + 1, sizeof(*cache->packages));
    if (!grown)
        return error_out_of_memory();
    cache->packages = grown;
    package.used = status.st_mtim;
    package.byte_size = (uint64_t)status.st_size;
    package.name = strdup(name);
    if (!package.name)
        return error_out_of_memory();
    grown[cache->count++] = package;
    cache->byte_size += package.byte_size;
    return NULL;
}

/* Removes the beginning of a package that nobody goes on with. */
static void remove_leftover(const struct package_cache *cache, const char *path)
{
    struct stat status;

    if (!file_is_regular_at(AT_FDCWD, path, &status) ||
        status.st_mtime > time(NULL) - LEFTOVER_SECONDS)
        return;
    CLEANUP(close_pointer) int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0 || flock(file, LOCK_EX | LOCK_NB) != 0)
        return;
    log_write(cache->rules->log, LOG_NOTICE, "%s: removed, since nobody went on with it for a week",
              path);
    package_discard(path);
}

static struct error *look_at(struct package_cache *cache, const char *name)
{
    static const char part[] = ".part";
    CLEANUP(free_pointer) char *path = path_join(cache->directory, name);
    CLEANUP(free_pointer) char *whole = strdup(name);

    if (!path || !whole)
        return error_out_of_memory();
    if (!text_has_suffix(name, part))
        return name[0] == '.' ? NULL : add(cache, name, path);
    whole[strlen(name) - strlen(part)] = '\0';
    if (is_package_name(whole) || has_origin(path))
        remove_leftover(cache, path);
    return NULL;
}

static struct error *look_at_all(struct package_cache *cache, DIR *directory)
{
    const struct dirent *entry;

    errno = 0;
    while ((entry = readdir(directory))) {
        TRY(look_at(cache, entry->d_name));
        errno = 0;
    }
    return errno != 0 ? error_create_errno(errno, cache->directory, "cannot read") : NULL;
}

static int compare_use(const void *left, const void *right)
{
    const struct kept_package *a = left;
    const struct kept_package *b = right;

    if (a->used.tv_sec != b->used.tv_sec)
        return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
    if (a->used.tv_nsec != b->used.tv_nsec)
        return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
    return strcmp(a->name, b->name);
}

static struct error *remove_oldest(struct package_cache *cache)
{
    const struct package_cache_rules *rules = cache->rules;

    if (cache->count > 0)
        qsort(cache->packages, cache->count, sizeof(*cache->packages), compare_use);
    for (size_t i = 0; i < cache->count && cache->byte_size > rules->maximum_bytes; i++) {
        const struct kept_package *package = &cache->packages[i];
        if (rules->is_needed(rules->context, package->name, package->sha256))
            continue;
        CLEANUP(free_pointer) char *path = path_join(cache->directory, package->name);
        if (!path)
            return error_out_of_memory();
        package_discard(path);
        cache->byte_size -= package->byte_size;
        log_write(rules->log, LOG_NOTICE, "%s: removed, %" PRIu64 " bytes: `keep` allows no more",
                  path, package->byte_size);
    }
    return NULL;
}

struct error *package_cache_trim(const char *directory, const struct package_cache_rules *rules)
{
    CLEANUP(package_cache_deinit)
    struct package_cache cache = {.directory = directory, .rules = rules};
    DIR *opened = opendir(directory);

    if (!opened && errno == ENOENT)
        return NULL;
    if (!opened)
        return error_create_errno(errno, directory, "cannot open");
    struct error *error = look_at_all(&cache, opened);
    closedir(opened);
    if (error)
        return error;
    TRY(remove_oldest(&cache));
    if (cache.byte_size > rules->maximum_bytes)
        log_write(rules->log, LOG_DETAIL,
                  "%s: %" PRIu64 " bytes, more than `keep` allows, but all are still needed",
                  directory, cache.byte_size);
    return NULL;
}
