/* SPDX-License-Identifier: MIT */
/*
 * Ubuntu's archive of debug symbols: its signed index has size and hash of what it keeps, which is
 * by and large what is current. Kernels are found there by name alone.
 */
#include <stdlib.h>
#include <string.h>

#include "fetch/http/url_text.h"
#include "fetch/package/kernel_package_names.h"
#include "fetch/package/package_name.h"
#include "fetch/source/ddebs/ddebs_cache.h"
#include "fetch/source/source.h"

enum { URL_MAXIMUM = 16 << 10 };

/* One kernel's search through the suites. */
struct search {
    const struct fetch_settings *settings;
    const struct fetch_request *request;
    const struct kernel_package_names *names;
    struct package_locations *locations; /* of all that are the same package as FOUND */
    const struct indexed_package *found;
    const char *found_in;  /* its suite */
    struct error *failure; /* the first suite's that could not be used */
    struct error *wrapper; /* the package is there without contents */
};

static void search_deinit(struct search *search)
{
    error_destroy(search->failure);
    error_destroy(search->wrapper);
}

static struct error *check_package(const struct indexed_package *package, const char *suite)
{
    if (!package->sha256)
        return error_create(ERROR_INCONCLUSIVE, package->name,
                            "the index of %s has no SHA-256 of it, so that nothing would prove its "
                            "bytes",
                            suite);
    if (!package->path || !url_is_clean_path(package->path))
        return error_create(ERROR_INCONCLUSIVE, package->name,
                            "the index of %s has no usable path of it", suite);
    return NULL;
}

/* A suite may list what is in its pool no more, and another one the same: each place is tried. */
static struct error *add_location(struct search *search, const struct indexed_package *package)
{
    CLEANUP(package_location_deinit) struct package_location location = {0};
    CLEANUP(buffer_deinit) struct buffer url;

    buffer_init(&url, URL_MAXIMUM);
    buffer_append_format(&url, "%s/", search->settings->ddebs_url);
    url_append_path(&url, package->path);
    TRY(buffer_check(&url, package->name));
    for (size_t i = 0; i < search->locations->count; i++) {
        if (strcmp(search->locations->locations[i].url, buffer_text(&url)) == 0)
            return NULL;
    }
    location = (struct package_location){
        .url = strdup(buffer_text(&url)),
        .sha256 = strdup(package->sha256),
        .package_version = strdup(package->version),
        .byte_size = package->byte_size,
        .is_listed = true,
    };
    if (!location.url || !location.sha256 || !location.package_version)
        return error_out_of_memory();
    return package_locations_add(search->locations, &location);
}

/* A package of the right name and version. */
static struct error *consider(struct search *search, const struct indexed_package *package,
                              const char *suite)
{
    const struct fetch_settings *settings = search->settings;

    if (package->byte_size < settings->minimum_bytes) {
        error_keep_first(&search->wrapper,
                         package_wrapper_error(package->name, package->byte_size));
        return NULL;
    }
    struct error *error = check_package(package, suite);
    if (error) {
        error_keep_first(&search->failure, error);
        return NULL;
    }
    if (!search->found) {
        search->found = package;
        search->found_in = suite;
    } else if (!package_version_equal(package->version, search->found->version)) {
        log_write(settings->log, LOG_WARNING,
                  "%s: was built more than once: %s of %s is taken, not %s of %s; version= in the "
                  "list decides",
                  search->request->kernel_name, search->found->version, search->found_in,
                  package->version, suite);
        return NULL;
    }
    return strcmp(package->name, search->found->name) == 0 ? add_location(search, package) : NULL;
}

static struct error *search_index(struct search *search, const struct packages_index *index,
                                  const char *suite)
{
    const char *version = search->request->version;

    for (size_t i = 0; i < UBUNTU_PACKAGE_NAME_COUNT; i++) {
        for (size_t j = 0; j < index->count; j++) {
            const struct indexed_package *package = &index->packages[j];
            if (strcmp(package->name, search->names->names[i]) == 0 &&
                strcmp(package->architecture, search->names->architecture) == 0 &&
                (!version || package_version_equal(package->version, version)))
                TRY(consider(search, package, suite));
        }
    }
    return NULL;
}

/* Of a suite that cannot be read the others do not suffer. */
static struct error *search_suites(struct search *search, struct ddebs_cache *cache)
{
    for (size_t i = 0; i < ddebs_cache_suite_count(cache); i++) {
        const struct packages_index *index = NULL;
        struct error *error =
            ddebs_cache_read(cache, search->settings, i, search->names->architecture, &index);

        if (error && error->code != ERROR_INCONCLUSIVE)
            return error;
        if (error)
            error_keep_first(&search->failure, error);
        if (index)
            TRY(search_index(search, index, ddebs_cache_suite_name(cache, i)));
    }
    return NULL;
}

/* Why nothing was found. */
static struct error *take_reason(struct search *search)
{
    struct error **reason = search->failure ? &search->failure : &search->wrapper;
    struct error *error = *reason;

    *reason = NULL;
    if (error)
        return error;
    return error_create(ERROR_NOT_FOUND, search->request->kernel_name,
                        "is in none of the suites %s%s%s", search->settings->ddebs_suites,
                        search->request->version ? " as version " : "",
                        search->request->version ? search->request->version : "");
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret)
{
    CLEANUP(ddebs_cache_destroy_pointer) struct ddebs_cache *own = NULL;
    CLEANUP(kernel_package_names_deinit) struct kernel_package_names names = {0};
    CLEANUP(search_deinit)
    struct search search = {
        .settings = settings, .request = request, .names = &names, .locations = ret};
    struct ddebs_cache *cache = NULL;

    TRY(kernel_package_names_init(request->kernel_name, &names));
    TRY(ddebs_cache_of(settings, &own, &cache));
    TRY(search_suites(&search, cache));
    return search.found ? NULL : take_reason(&search);
}

const struct package_source source_ddebs = {
    .name = "ddebs", .locate = locate, .discover = ddebs_discover};
