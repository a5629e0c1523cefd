/* SPDX-License-Identifier: MIT */
/* What was read of the debug-symbol archive's index in this run: each suite's is read once, when it
 * is asked for first, and shared by all kernels. */
#ifndef KSTRUCT_FETCH_SOURCE_DDEBS_DDEBS_CACHE_H
#define KSTRUCT_FETCH_SOURCE_DDEBS_DDEBS_CACHE_H

#include <stddef.h>

#include "fetch/archive/packages_index.h"
#include "fetch/fetch.h"

struct ddebs_cache;

/* For the suites named in SUITES, with spaces or commas between them. Nothing is read yet. */
struct error *ddebs_cache_create(const char *suites, struct ddebs_cache **ret) MUST_CHECK;

/* NULL-safe. */
void ddebs_cache_destroy(struct ddebs_cache *cache);
void ddebs_cache_destroy_pointer(struct ddebs_cache **cache); /* for CLEANUP */

/* The cache of the run; where SETTINGS have none, one of its own in *own_ret, for the caller to
 * destroy. */
struct error *ddebs_cache_of(const struct fetch_settings *settings, struct ddebs_cache **own_ret,
                             struct ddebs_cache **ret) MUST_CHECK;

size_t ddebs_cache_suite_count(const struct ddebs_cache *cache);
const char *ddebs_cache_suite_name(const struct ddebs_cache *cache, size_t suite);

/* The kernel packages that suite number SUITE has for ARCHITECTURE; NULL if the archive lacks the
 * suite, or if it cannot be read; on failure it may be a part. Valid as long as the cache. A
 * failure is kept too: nobody is asked a second time. May be called by several threads at once. */
struct error *ddebs_cache_read(struct ddebs_cache *cache, const struct fetch_settings *settings,
                               size_t suite, const char *architecture,
                               const struct packages_index **ret) MUST_CHECK;

/* The architectures that the suite has, with blanks between them; "" if the archive lacks it. Free
 * with free(). */
struct error *ddebs_cache_architectures(struct ddebs_cache *cache,
                                        const struct fetch_settings *settings, size_t suite,
                                        char **ret) MUST_CHECK;

#endif
