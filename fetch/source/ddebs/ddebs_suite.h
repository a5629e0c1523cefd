/* SPDX-License-Identifier: MIT */
/*
 * One suite of the debug-symbol archive: its InRelease, signed, has the hashes of its Packages
 * files, and those have the hashes of the packages.
 *
 * What was proven is kept in a directory of the suite's own below SETTINGS->cache_dir: InRelease,
 * so that none that is older is taken later, and Packages files, which are not fetched again while
 * InRelease lists the same. One thread of a process uses a suite at a time.
 */
#ifndef KSTRUCT_FETCH_SOURCE_DDEBS_DDEBS_SUITE_H
#define KSTRUCT_FETCH_SOURCE_DDEBS_DDEBS_SUITE_H

#include <stdbool.h>

#include "fetch/archive/packages_index.h"
#include "fetch/archive/release_file.h"
#include "fetch/fetch.h"

struct ddebs_suite {
    const char *name; /* "noble-updates" */
    bool is_there;    /* false: the archive has no such suite */
    struct release_file release;
};

/* Fetches and checks InRelease; SUITE is zeros but for its name, or was read before, and stays as
 * it was on failure. That the suite does not exist is no failure. ERROR_INCONCLUSIVE: the index
 * cannot be had or must not be used; each reason has its own text. */
struct error *ddebs_suite_read_release(const struct fetch_settings *settings,
                                       struct ddebs_suite *suite) MUST_CHECK;

/* Adds what the suite has for ARCHITECTURE to INDEX, as far as it can be read. Where the archive is
 * being changed at that moment InRelease is read once again. */
struct error *ddebs_suite_read_packages(const struct fetch_settings *settings,
                                        struct ddebs_suite *suite, const char *architecture,
                                        struct packages_index *index) MUST_CHECK;

void ddebs_suite_deinit(struct ddebs_suite *suite);

#endif
