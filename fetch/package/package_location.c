/* SPDX-License-Identifier: MIT */
#include "fetch/package/package_location.h"

#include <inttypes.h>
#include <stdlib.h>

void package_location_deinit(struct package_location *location)
{
    free(location->url);
    free(location->sha256);
    free(location->package_version);
    *location = (struct package_location){0};
}

void package_locations_deinit(struct package_locations *locations)
{
    for (size_t i = 0; i < locations->count; i++)
        package_location_deinit(&locations->locations[i]);
    free(locations->locations);
    *locations = (struct package_locations){0};
}

struct error *package_locations_add(struct package_locations *locations,
                                    struct package_location *location)
{
    struct package_location *grown =
        reallocarray(locations->locations, locations->count + 1, sizeof(*grown));

    if (!grown) {
        package_location_deinit(location);
        return error_out_of_memory();
    }
    locations->locations = grown;
    grown[locations->count++] = *location;
    *location = (struct package_location){0};
    return NULL;
}

struct error *package_wrapper_error(const char *where, uint64_t byte_size)
{
    return error_create(ERROR_WRAPPER, where,
                        "has %" PRIu64 " bytes only: a package without debug information",
                        byte_size);
}
