/* SPDX-License-Identifier: MIT */
/* Which kernels a source offers. */
#ifndef KSTRUCT_FETCH_DISCOVERY_H
#define KSTRUCT_FETCH_DISCOVERY_H

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

void discovered_kernels_deinit(struct discovered_kernels *kernels);

#endif
