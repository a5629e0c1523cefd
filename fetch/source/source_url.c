/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fetch/source/source.h"

static struct error *locate(const struct fetch_settings *settings UNUSED,
                            const struct fetch_request *request, struct package_locations *ret)
{
    struct package_location location = {
        .url = strdup(request->url),
        .byte_size = request->locked_size > 0 ? request->locked_size : PACKAGE_SIZE_UNKNOWN};

    if (!location.url)
        return error_out_of_memory();
    return package_locations_add(ret, &location);
}

const struct package_source source_url = {.name = "url=", .locate = locate};
