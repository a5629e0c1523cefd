/* SPDX-License-Identifier: MIT */
/*
 * A source answers one question: where is the package of this kernel, and what must its bytes be?
 * Each source is a file of its own; fetch.c asks them in order until one knows.
 */
#ifndef KSTRUCT_FETCH_SOURCE_SOURCE_H
#define KSTRUCT_FETCH_SOURCE_SOURCE_H

#include <stdbool.h>

#include "fetch/fetch.h"
#include "fetch/package/package_location.h"
#include "fetch/source/discovery.h"

struct package_source {
    const char *name; /* for messages: "Launchpad" */
    /* Appends to RET at least one place, the most likely first, or fails: with ERROR_NOT_FOUND,
     * or one of the codes that say more than it, only if the source has answered that it does not
     * have the package, with ERROR_WRAPPER if only without contents. */
    struct error *(*locate)(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret);
    /* Appends to RET the kernels that it has and FILTER lets through; NULL: it cannot list them. */
    struct error *(*discover)(const struct fetch_settings *settings,
                              const struct discovery_filter *filter,
                              struct discovered_kernels *ret);
    /* One question about a version answers for all architectures, so that nothing is saved by
     * asking for one of them only. */
    bool lists_all_architectures;
};

/* The one of that word; static. */
const struct package_source *package_source_of(enum fetch_source source);

extern const struct package_source source_url; /* the URL in the request */
extern const struct package_source source_apt; /* what apt-get knows of a package name */
extern const struct package_source source_launchpad;
extern const struct package_source source_launchpad_files;
extern const struct package_source source_ddebs;
extern const struct package_source source_mirror;

/* What they discover with, in files of their own. Fails with ERROR_UNSUPPORTED where there is no
 * apt. */
struct error *launchpad_discover(const struct fetch_settings *settings,
                                 const struct discovery_filter *filter,
                                 struct discovered_kernels *ret) MUST_CHECK;
struct error *ddebs_discover(const struct fetch_settings *settings,
                             const struct discovery_filter *filter,
                             struct discovered_kernels *ret) MUST_CHECK;
struct error *apt_discover(const struct fetch_settings *settings,
                           const struct discovery_filter *filter,
                           struct discovered_kernels *ret) MUST_CHECK;

#endif
