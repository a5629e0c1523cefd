/* SPDX-License-Identifier: MIT */
/*
 * Ubuntu's kernel packages by their file names: Launchpad keeps every file that was ever in the
 * archive, and finds it by name alone. The name follows from the kernel's and the package's
 * version, which the list has to give; no hash is known.
 */
#include <stdio.h>

#include "fetch/package/kernel_package_names.h"
#include "fetch/source/source.h"

static struct error *add(const struct fetch_settings *settings, const struct fetch_request *request,
                         const char *package, const char *architecture,
                         struct package_locations *ret)
{
    struct package_location location = {.byte_size = PACKAGE_SIZE_UNKNOWN};

    if (asprintf(&location.url, "%s/%s_%s_%s.ddeb", settings->launchpad_files_url, package,
                 request->version, architecture) < 0) {
        location.url = NULL;
        return error_out_of_memory();
    }
    return package_locations_add(ret, &location);
}

static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct package_locations *ret)
{
    CLEANUP(kernel_package_names_deinit) struct kernel_package_names names;

    TRY(kernel_package_names_init(request->kernel_name, &names));
    if (!request->version)
        return error_create(ERROR_NOT_FOUND, request->kernel_name,
                            "a file name follows from the package's version; give version= in the "
                            "list");
    for (size_t i = 0; i < UBUNTU_PACKAGE_NAME_COUNT; i++)
        TRY(add(settings, request, names.names[i], names.architecture, ret));
    return NULL;
}

const struct package_source source_launchpad_files = {.name = "Launchpad's files",
                                                      .locate = locate};
