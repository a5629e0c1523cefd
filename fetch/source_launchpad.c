/* SPDX-License-Identifier: MIT */
#include "fetch/source.h"

static struct error *locate(const struct fetch_settings *settings UNUSED,
                            const struct fetch_request *request,
                            struct package_locations *ret UNUSED)
{
    return error_create(ERROR_NOT_FOUND, request->kernel_name, "is not asked yet");
}

struct error *launchpad_discover(const struct fetch_settings *settings UNUSED,
                                 const struct discovery_filter *filter UNUSED,
                                 struct discovered_kernels *ret UNUSED)
{
    return error_create(ERROR_UNSUPPORTED, NULL, "cannot be listed yet");
}

const struct package_source source_launchpad = {"Launchpad", locate};
