/* SPDX-License-Identifier: MIT */
/* The kernels in the index of Ubuntu's archive of debug symbols. It tells no dates. */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "fetch/source/ddebs/ddebs_cache.h"
#include "fetch/source/source.h"

/* Suites of "noble" are "noble", "noble-updates" and so on. What is proposed may never be released.
 */
static bool is_suite_of(const char *suite, const char *series)
{
    size_t length = series ? strlen(series) : 0;

    if (text_has_suffix(suite, "-proposed"))
        return false;
    return !series ||
           (strncmp(suite, series, length) == 0 && (suite[length] == '\0' || suite[length] == '-'));
}

static struct error *discover_architecture(const struct fetch_settings *settings,
                                           const struct discovery_filter *filter,
                                           struct ddebs_cache *cache, size_t suite,
                                           const char *architecture, struct discovered_kernels *ret)
{
    const struct packages_index *index = NULL;
    struct error *failure = ddebs_cache_read(cache, settings, suite, architecture, &index);
    struct error *error = index ? discovered_kernels_add_index(settings, filter, index, ret) : NULL;

    if (!error)
        return failure;
    error_destroy(failure);
    return error;
}

static struct error *discover_suite(const struct fetch_settings *settings,
                                    const struct discovery_filter *filter,
                                    struct ddebs_cache *cache, size_t suite,
                                    struct discovered_kernels *ret)
{
    CLEANUP(free_pointer) char *architectures = NULL;
    struct error *failure = NULL;
    char *rest = NULL;

    if (filter->architecture)
        return discover_architecture(settings, filter, cache, suite, filter->architecture, ret);
    TRY(ddebs_cache_architectures(cache, settings, suite, &architectures));
    for (char *word = strtok_r(architectures, " \t\n", &rest); word;
         word = strtok_r(NULL, " \t\n", &rest)) {
        struct error *error = discover_architecture(settings, filter, cache, suite, word, ret);
        error_keep_first(&failure, error);
    }
    return failure;
}

struct error *ddebs_discover(const struct fetch_settings *settings,
                             const struct discovery_filter *filter, struct discovered_kernels *ret)
{
    CLEANUP(ddebs_cache_destroy_pointer) struct ddebs_cache *own = NULL;
    struct ddebs_cache *cache = NULL;
    struct error *failure = NULL;
    bool has_suite = false;

    TRY(ddebs_cache_of(settings, &own, &cache));
    for (size_t i = 0; i < ddebs_cache_suite_count(cache); i++) {
        if (!is_suite_of(ddebs_cache_suite_name(cache, i), filter->series))
            continue;
        has_suite = true;
        struct error *error = discover_suite(settings, filter, cache, i, ret);
        error_keep_first(&failure, error);
    }
    if (!has_suite)
        return error_create(ERROR_INCONCLUSIVE, filter->series,
                            "none of the suites is looked through for it: %s (ddebs_suites)",
                            settings->ddebs_suites);
    return failure;
}
