/* SPDX-License-Identifier: MIT */
/*
 * A source answers one question: where is the package of this kernel, and what must its bytes be?
 * Each source is a file of its own; fetch.c asks them in order until one knows.
 */
#ifndef KSTRUCT_FETCH_SOURCE_H
#define KSTRUCT_FETCH_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/fetch.h"

#define PACKAGE_SIZE_UNKNOWN UINT64_MAX

struct package_location {
    char *url;
    char *sha256;          /* NULL if the source does not know it */
    char *package_version; /* the same */
    uint64_t byte_size;    /* PACKAGE_SIZE_UNKNOWN if it does not */
};

struct package_source {
    /* Is this request one for the source? */
    bool (*applies)(const struct fetch_request *request);

    /* Fills RET, which the caller has set to zeros. ERROR_NOT_FOUND, here or from the download,
     * only if the source has answered that it does not have the package: the next one is asked
     * then. */
    struct error *(*locate)(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_location *ret);
};

extern const struct package_source source_url; /* the URL in the request */
extern const struct package_source source_apt; /* what apt-get knows of a package name */

/* Ubuntu's two names for a kernel's package, where Launchpad keeps all files. */
extern const struct package_source source_launchpad_unsigned;
extern const struct package_source source_launchpad_plain;

void package_location_deinit(struct package_location *location);

#endif
