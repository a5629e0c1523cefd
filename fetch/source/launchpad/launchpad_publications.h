/* SPDX-License-Identifier: MIT */
/*
 * What Launchpad has on record of Ubuntu's binary packages. A publication is one package in one
 * series, architecture and pocket; the same bytes are published several times, as when a package
 * goes from Proposed to Updates and Security.
 */
#ifndef KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_PUBLICATIONS_H
#define KSTRUCT_FETCH_SOURCE_LAUNCHPAD_LAUNCHPAD_PUBLICATIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "fetch/fetch.h"

/* Texts are valid as long as the publication is looked at. */
struct launchpad_publication {
    const char *self_link;
    const char *package;
    const char *version;
    const char *series;         /* "noble" */
    const char *architecture;   /* "amd64" */
    const char *status;         /* Pending, Published, Superseded, Deleted or Obsolete */
    const char *pocket;         /* Release, Security, Updates, Proposed or Backports */
    const char *source_package; /* NULL if not told, as the next two */
    const char *created_on;     /* ISO 8601 */
    const char *superseded_on;  /* the same; NULL too if it never was */
    bool is_debug;              /* a .ddeb */
};

/* Which ones. NULL: any. */
struct launchpad_publications_filter {
    const char *package;      /* the name, or with IS_PART something that is in it */
    bool is_part;             /* newest first then */
    const char *version;      /* of the package; only with a whole name */
    const char *series;       /* only with ARCHITECTURE */
    const char *architecture; /* only with SERIES */
    const char *since;        /* created on or after that day, YYYY-MM-DD */
    unsigned maximum_pages;   /* of 300; more is an ERROR_INCONCLUSIVE */
};

typedef struct error *launchpad_publication_visit(void *context, const char *url,
                                                  const struct launchpad_publication *publication);

/* Calls VISIT for each, with the URL of the page that has it; an error of VISIT ends it. After a
 * failure some may have been visited. The caller filters by itself: Launchpad may know better or
 * less. ERROR_NOT_FOUND: there is no such archive. */
struct error *launchpad_publications_visit(const struct fetch_settings *settings,
                                           const struct launchpad_publications_filter *filter,
                                           launchpad_publication_visit *visit,
                                           void *context) MUST_CHECK;

#endif
