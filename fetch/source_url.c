/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fetch/source.h"

static bool applies(const struct fetch_request *request)
{
    return request->url != NULL;
}

static struct error *locate(const struct fetch_settings *settings UNUSED,
                            const struct fetch_request *request, struct package_location *ret)
{
    ret->url = strdup(request->url);
    ret->byte_size = PACKAGE_SIZE_UNKNOWN;
    return ret->url ? NULL : error_out_of_memory();
}

const struct package_source source_url = {applies, locate};
