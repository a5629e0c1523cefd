/* SPDX-License-Identifier: MIT */
#include "fetch/source/discovery.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "fetch/archive/packages_index.h"
#include "fetch/package/kernel_package.h"
#include "fetch/source/source.h"

void discovered_kernels_deinit(struct discovered_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++) {
        free(kernels->kernels[i].name);
        free(kernels->kernels[i].package_version);
        free(kernels->kernels[i].published_on);
    }
    free(kernels->kernels);
    *kernels = (struct discovered_kernels){0};
}

struct error *discovered_kernels_add(struct discovered_kernels *kernels, const char *name,
                                     const char *package_version, uint64_t byte_size)
{
    struct discovered_kernel *grown =
        reallocarray(kernels->kernels, kernels->count + 1, sizeof(*grown));

    if (!grown)
        return error_out_of_memory();
    kernels->kernels = grown;
    struct discovered_kernel *kernel = &grown[kernels->count];
    *kernel = (struct discovered_kernel){
        .name = strdup(name),
        .package_version = strdup(package_version),
        .byte_size = byte_size,
    };
    if (!kernel->name || !kernel->package_version) {
        free(kernel->name);
        free(kernel->package_version);
        return error_out_of_memory();
    }
    kernels->count++;
    return NULL;
}

static bool is_known(const struct discovered_kernels *kernels, const char *name,
                     const char *package_version)
{
    for (size_t i = 0; i < kernels->count; i++) {
        if (strcmp(kernels->kernels[i].name, name) == 0 &&
            strcmp(kernels->kernels[i].package_version, package_version) == 0)
            return true;
    }
    return false;
}

struct error *discovered_kernels_add_index(const struct fetch_settings *settings,
                                           const struct discovery_filter *filter,
                                           const struct packages_index *index,
                                           struct discovered_kernels *ret)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct indexed_package *package = &index->packages[i];
        CLEANUP(free_pointer) char *name = NULL;

        TRY(kernel_name_of_package(package->name, package->architecture, &name));
        if (name && package->byte_size >= settings->minimum_bytes &&
            kernel_name_passes(name, filter) && !is_known(ret, name, package->version))
            TRY(discovered_kernels_add(ret, name, package->version, package->byte_size));
    }
    return NULL;
}

static struct error *ask(const struct fetch_settings *settings, enum fetch_source source,
                         const struct discovery_filter *filter, struct discovered_kernels *ret)
{
    const struct package_source *asked = package_source_of(source);

    if (!asked->discover)
        return error_create(ERROR_UNSUPPORTED, NULL, "this source cannot list what it has");
    return asked->discover(settings, filter, ret);
}

/* What a source said of all kernels of a version. */
struct listing {
    struct listing *next;
    enum fetch_source source;
    char *version;
    char *architecture; /* NULL: any */
    struct discovered_kernels kernels;
    struct error *failure;
};

struct discovery_cache {
    struct listing *listings;
};

struct discovery_cache *discovery_cache_create(void)
{
    return calloc(1, sizeof(struct discovery_cache));
}

static void listing_destroy(struct listing *listing)
{
    free(listing->version);
    free(listing->architecture);
    discovered_kernels_deinit(&listing->kernels);
    error_destroy(listing->failure);
    free(listing);
}

void discovery_cache_destroy(struct discovery_cache *cache)
{
    while (cache && cache->listings) {
        struct listing *next = cache->listings->next;
        listing_destroy(cache->listings);
        cache->listings = next;
    }
    free(cache);
}

static bool is_listing_of(const struct listing *listing, enum fetch_source source,
                          const struct discovery_filter *filter)
{
    bool has_architecture = listing->architecture != NULL;

    return listing->source == source && strcmp(listing->version, filter->version) == 0 &&
           has_architecture == (filter->architecture != NULL) &&
           (!has_architecture || strcmp(listing->architecture, filter->architecture) == 0);
}

/* The listing for FILTER, which is asked for if it is not there yet. */
static struct error *get_listing(const struct fetch_settings *settings, enum fetch_source source,
                                 const struct discovery_filter *filter, const struct listing **ret)
{
    struct discovery_cache *cache = settings->discovery_cache;
    struct listing *listing = cache->listings;

    while (listing && !is_listing_of(listing, source, filter))
        listing = listing->next;
    *ret = listing;
    if (listing)
        return NULL;
    listing = calloc(1, sizeof(*listing));
    if (!listing)
        return error_out_of_memory();
    listing->source = source;
    listing->version = strdup(filter->version);
    listing->architecture = filter->architecture ? strdup(filter->architecture) : NULL;
    if (!listing->version || (filter->architecture && !listing->architecture)) {
        listing_destroy(listing);
        return error_out_of_memory();
    }
    listing->failure = ask(settings, source, filter, &listing->kernels);
    listing->next = cache->listings;
    cache->listings = listing;
    *ret = listing;
    return NULL;
}

static struct error *add_passing(const struct discovered_kernels *kernels,
                                 const struct discovery_filter *filter,
                                 struct discovered_kernels *ret)
{
    for (size_t i = 0; i < kernels->count; i++) {
        const struct discovered_kernel *kernel = &kernels->kernels[i];
        if (!kernel_name_passes(kernel->name, filter))
            continue;
        TRY(discovered_kernels_add(ret, kernel->name, kernel->package_version, kernel->byte_size));
        if (kernel->published_on) {
            char *copy = strdup(kernel->published_on);
            if (!copy)
                return error_out_of_memory();
            ret->kernels[ret->count - 1].published_on = copy;
        }
    }
    return NULL;
}

struct error *discover_kernels(const struct fetch_settings *settings, enum fetch_source source,
                               const struct discovery_filter *filter,
                               struct discovered_kernels *ret)
{
    /* Where a source keeps an index for each architecture, no more of them are read than are
     * wanted. */
    bool lists_all = package_source_of(source)->lists_all_architectures;
    const struct discovery_filter wide = {
        .version = filter->version,
        .architecture = lists_all ? NULL : filter->architecture,
    };
    const struct listing *listing = NULL;

    if (!settings->discovery_cache || !filter->version || filter->series || filter->since)
        return ask(settings, source, filter, ret);
    TRY(get_listing(settings, source, &wide, &listing));
    TRY(add_passing(&listing->kernels, filter, ret));
    return listing->failure ? error_copy(listing->failure) : NULL;
}
