/* SPDX-License-Identifier: MIT */
/*
 * Ubuntu's kernel packages by their file names: Launchpad keeps every file that was ever in the
 * archive, and finds it by name alone. The name follows from the kernel's and the package's
 * version, which the list has to give; no hash is known.
 *
 * A kernel that is signed for Secure Boot has its vmlinux in the package that is called unsigned;
 * the other one is then an empty shell. So that name is tried first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/source.h"

static bool applies(const struct fetch_request *request)
{
    return !request->file && !request->url && !request->apt && request->version;
}

/* linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.30_amd64.ddeb */
static struct error *locate(const struct fetch_settings *settings,
                            const struct fetch_request *request, const char *prefix,
                            struct package_location *ret)
{
    const char *name = request->kernel_name;
    const char *dash = strrchr(name, '-');

    if (!dash)
        return error_create(ERROR_CONFIGURATION, name, "is no kernel's name");
    if (asprintf(&ret->url, "%s/linux-image-%s%.*s-dbgsym_%s_%s.ddeb",
                 settings->launchpad_files_url, prefix, (int)(dash - name), name, request->version,
                 dash + 1) < 0) {
        ret->url = NULL;
        return error_out_of_memory();
    }
    ret->byte_size = PACKAGE_SIZE_UNKNOWN;
    return NULL;
}

static struct error *locate_unsigned(const struct fetch_settings *settings,
                                     const struct fetch_request *request,
                                     struct package_location *ret)
{
    return locate(settings, request, "unsigned-", ret);
}

static struct error *locate_plain(const struct fetch_settings *settings,
                                  const struct fetch_request *request, struct package_location *ret)
{
    return locate(settings, request, "", ret);
}

const struct package_source source_launchpad_unsigned = {applies, locate_unsigned};
const struct package_source source_launchpad_plain = {applies, locate_plain};
