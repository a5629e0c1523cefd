/* SPDX-License-Identifier: MIT */
/* Where a package is, and what its bytes must be. */
#ifndef KSTRUCT_FETCH_PACKAGE_PACKAGE_LOCATION_H
#define KSTRUCT_FETCH_PACKAGE_PACKAGE_LOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define PACKAGE_SIZE_UNKNOWN UINT64_MAX

struct package_location {
    char *url;
    char *sha256;          /* NULL if the source does not know it */
    char *package_version; /* the same */
    uint64_t byte_size;    /* PACKAGE_SIZE_UNKNOWN if it does not */
    bool is_listed;        /* an index that is current says that it is there */
    uint64_t minimum_size; /* smaller is an empty wrapper; set by fetch.c */
};

/* Places to try, one after the other. */
struct package_locations {
    size_t count;
    struct package_location *locations;
};

/* Moves LOCATION to the end of the list; it is zeros afterwards, also on failure. */
struct error *package_locations_add(struct package_locations *locations,
                                    struct package_location *location) MUST_CHECK;

void package_location_deinit(struct package_location *location);
void package_locations_deinit(struct package_locations *locations);

/* ERROR_WRAPPER at WHERE: so small a package has nothing in it. */
struct error *package_wrapper_error(const char *where, uint64_t byte_size) MUST_CHECK;

#endif
