/* SPDX-License-Identifier: MIT */
#include "fetch/source.h"

static struct error *locate(const struct fetch_settings *settings UNUSED,
                            const struct fetch_request *request,
                            struct package_locations *ret UNUSED)
{
    return error_create(ERROR_NOT_FOUND, request->kernel_name, "is not asked yet");
}

const struct package_source source_mirror = {"mirror", locate};
