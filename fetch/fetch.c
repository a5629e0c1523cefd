/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "fetch/download.h"
#include "fetch/package_name.h"
#include "fetch/sha256.h"
#include "fetch/source.h"

/* In the order in which they are asked. */
static const struct package_source *const sources[] = {
    &source_url,
    &source_apt,
    &source_launchpad_unsigned,
    &source_launchpad_plain,
};

void fetched_package_deinit(struct fetched_package *package)
{
    free(package->path);
    free(package->url);
    free(package->sha256);
    free(package->package_version);
    *package = (struct fetched_package){0};
}

void package_location_deinit(struct package_location *location)
{
    free(location->url);
    free(location->sha256);
    free(location->package_version);
    *location = (struct package_location){0};
}

void fetched_package_discard(const struct fetched_package *package)
{
    if (package->url && package->path)
        download_discard(package->path);
}

static struct error *check_request(const struct fetch_request *request)
{
    int place_count = (request->file != NULL) + (request->url != NULL) + (request->apt != NULL);

    if (place_count > 1)
        return error_create(ERROR_CONFIGURATION, request->kernel_name,
                            "give only one of file=, url= and apt=");
    if (request->sha256 && !sha256_is_hex(request->sha256))
        return error_create(ERROR_CONFIGURATION, request->kernel_name,
                            "sha256=%s is not %d lower-case hexadecimal digits", request->sha256,
                            SHA256_HEX_LENGTH);
    return NULL;
}

/* Compares with the version demanded, as far as the package's own is known. */
static struct error *check_version(const struct fetch_request *request, const char *where,
                                   const char *version)
{
    if (!request->version || !version || package_version_equal(version, request->version))
        return NULL;
    return error_create(ERROR_WRONG_KERNEL, where,
                        "is version %s where version=%s is demanded: correct one of the two",
                        version, request->version);
}

static struct error *use_local_file(const struct fetch_request *request,
                                    struct fetched_package *package)
{
    char sha256[SHA256_HEX_LENGTH + 1];
    const char *path = request->file;

    TRY(package_version_from_file_name(path_base_name(path), &package->package_version));
    TRY(check_version(request, path, package->package_version));
    TRY(sha256_of_file(path, sha256, &package->byte_size));
    if (request->sha256 && strcmp(request->sha256, sha256) != 0)
        return error_create(ERROR_CORRUPT, path,
                            "has SHA-256 %s where %s is demanded: fetch it again, or correct the "
                            "list",
                            sha256, request->sha256);
    package->is_verified = request->sha256 != NULL;
    package->path = strdup(path);
    package->sha256 = strdup(sha256);
    return package->path && package->sha256 ? NULL : error_out_of_memory();
}

/* What the request demands and what the source promises must agree; each may be silent. */
static struct error *settle_demands(const struct fetch_request *request,
                                    struct package_location *location)
{
    if (!location->package_version) {
        CLEANUP(free_pointer) char *file_name = NULL;

        TRY(package_file_name_from_url(location->url, &file_name));
        TRY(package_version_from_file_name(file_name, &location->package_version));
    }
    TRY(check_version(request, location->url, location->package_version));
    if (!request->sha256)
        return NULL;
    if (location->sha256 && strcmp(location->sha256, request->sha256) != 0)
        return error_create(ERROR_CORRUPT, location->url,
                            "has SHA-256 %s in its source's index where the list demands %s: "
                            "correct the list, or pin the version",
                            location->sha256, request->sha256);
    free(location->sha256);
    location->sha256 = strdup(request->sha256);
    return location->sha256 ? NULL : error_out_of_memory();
}

static struct error *fetch_from(const struct package_source *source,
                                const struct fetch_settings *settings,
                                const struct fetch_request *request,
                                struct fetched_package *package)
{
    CLEANUP(package_location_deinit) struct package_location location = {0};

    TRY(source->locate(settings, request, &location));
    TRY(settle_demands(request, &location));
    TRY(download_package(settings, &location, package));
    package->package_version = location.package_version;
    location.package_version = NULL;
    return NULL;
}

/* Asks the sources until one has it, or cannot be asked. */
static struct error *fetch_remote(const struct fetch_settings *settings,
                                  const struct fetch_request *request,
                                  struct fetched_package *package)
{
    struct error *error = error_create(ERROR_NOT_FOUND, request->kernel_name,
                                       "no source knows this kernel; give version= (Ubuntu's), "
                                       "url=, file= or apt= in the list");

    for (size_t i = 0; i < ARRAY_LENGTH(sources); i++) {
        if (!sources[i]->applies(request))
            continue;
        error_destroy(error);
        error = fetch_from(sources[i], settings, request, package);
        if (!error || error->code != ERROR_NOT_FOUND)
            break;
    }
    return error;
}

struct error *fetch_package(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct fetched_package *ret)
{
    CLEANUP(fetched_package_deinit) struct fetched_package package = {0};

    TRY(check_request(request));
    TRY(request->file ? use_local_file(request, &package)
                      : fetch_remote(settings, request, &package));
    *ret = package;
    package = (struct fetched_package){0};
    return NULL;
}
