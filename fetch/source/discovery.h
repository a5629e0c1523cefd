/* SPDX-License-Identifier: MIT */
/* Which kernels a source offers. */
#ifndef KSTRUCT_FETCH_SOURCE_DISCOVERY_H
#define KSTRUCT_FETCH_SOURCE_DISCOVERY_H

#include <stddef.h>
#include <stdint.h>

#include "fetch/fetch.h"

/* What is asked for. NULL: any. */
struct discovery_filter {
    const char *series;       /* "noble" */
    const char *version;      /* "6.8.0": the version in the kernel's name */
    const char *architecture; /* "amd64" */
    const char *flavor;       /* "generic", "generic-64k" */
    const char *since;        /* published on or after that day, YYYY-MM-DD */
};

struct discovered_kernel {
    char *name;            /* "6.8.0-31-generic-amd64" */
    char *package_version; /* "6.8.0-31.31" */
    char *published_on;    /* YYYY-MM-DD; NULL if the source does not tell */
    uint64_t byte_size;    /* UINT64_MAX if not told */
};

struct discovered_kernels {
    size_t count;
    struct discovered_kernel *kernels; /* in the source's order; no name and version twice */
};

/* What sources said in this run of the versions that they were asked for, so that several patterns
 * of one version ask once. A failure is kept too. For one thread. NULL when there is no memory;
 * discovery_cache_destroy() is NULL-safe. */
struct discovery_cache *discovery_cache_create(void) MUST_CHECK;
void discovery_cache_destroy(struct discovery_cache *cache);

/* Appends what the source offers to RET, which begins as zeros. Empty wrappers, kernels of the
 * pocket Proposed and packages that are no kernel's are left out. ERROR_INCONCLUSIVE: the source
 * could not be asked to the end; what it said so far is in RET. ERROR_UNSUPPORTED: this source
 * cannot list what it has. */
struct error *discover_kernels(const struct fetch_settings *settings, enum fetch_source source,
                               const struct discovery_filter *filter,
                               struct discovered_kernels *ret) MUST_CHECK;

/* For sources: appends a kernel, of whose date nothing is known yet. The texts are copied. */
struct error *discovered_kernels_add(struct discovered_kernels *kernels, const char *name,
                                     const char *package_version, uint64_t byte_size) MUST_CHECK;

/* For sources: appends the kernels of an index that pass the filter and are no empty wrappers. One
 * may be in RET already, since it is in several suites, and under both names of its package. */
struct packages_index;
struct error *discovered_kernels_add_index(const struct fetch_settings *settings,
                                           const struct discovery_filter *filter,
                                           const struct packages_index *index,
                                           struct discovered_kernels *ret) MUST_CHECK;

void discovered_kernels_deinit(struct discovered_kernels *kernels);

#endif
