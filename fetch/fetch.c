/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "fetch/package/download.h"
#include "fetch/package/fetched_package.h"
#include "fetch/package/package_name.h"
#include "fetch/source/source.h"

enum { SAID_MAXIMUM = 16 * 1024 };

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
    CLEANUP(close_pointer) int file_descriptor = -1;
    char sha256[SHA256_HEX_LENGTH + 1];
    const char *path = request->file;
    uint64_t byte_size;

    TRY(package_version_from_file_name(path_base_name(path), &package->package_version));
    TRY(check_version(request, path, package->package_version));
    TRY(file_open_regular(path, &file_descriptor));
    TRY(sha256_of_descriptor(file_descriptor, path, sha256, &byte_size));
    if (request->sha256 && strcmp(request->sha256, sha256) != 0)
        return error_create(ERROR_CORRUPT, path,
                            "has SHA-256 %s where %s is demanded: fetch it again, or correct the "
                            "list",
                            sha256, request->sha256);
    package->is_verified = request->sha256 != NULL;
    return fetched_package_describe(NULL, path, file_descriptor, sha256, byte_size, package);
}

/* What the request demands and what the source promises must agree; each may be silent. */
static struct error *settle_demands(const struct fetch_settings *settings,
                                    const struct fetch_request *request,
                                    struct package_location *location)
{
    /* Who names a package has looked at it. */
    location->minimum_size = request->url || request->apt ? 0 : settings->minimum_bytes;
    if (location->byte_size < location->minimum_size)
        return package_wrapper_error(location->url, location->byte_size);
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
                            "has SHA-256 %s in its source's index where the list or its lock file "
                            "demands %s: correct them, or pin the version",
                            location->sha256, request->sha256);
    free(location->sha256);
    location->sha256 = strdup(request->sha256);
    return location->sha256 ? NULL : error_out_of_memory();
}

/* Does something with a place where a package may be: fetches it from there, or notes it. */
typedef struct error *use_location(const struct fetch_settings *settings,
                                   const struct fetch_request *request,
                                   struct package_location *location, void *ret);

static struct error *download(const struct fetch_settings *settings,
                              const struct fetch_request *request,
                              struct package_location *location, void *ret)
{
    struct fetched_package *package = ret;

    TRY(download_package(settings, request, location, package));
    package->package_version = location->package_version;
    location->package_version = NULL;
    return NULL;
}

/* What the sources that failed said, for the case that all do. */
struct verdict {
    struct error *error; /* the one that tells most */
    struct buffer said;  /* "Launchpad: …; ddebs: …" */
    size_t count;
};

static void verdict_init(struct verdict *verdict)
{
    *verdict = (struct verdict){0};
    buffer_init(&verdict->said, SAID_MAXIMUM);
}

static void verdict_deinit(struct verdict *verdict)
{
    error_destroy(verdict->error);
    buffer_deinit(&verdict->said);
}

/* How much an error says about what to do about the kernel: the more the greater. A source that did
 * not answer may have it, whatever is wrong with what the others have. */
static unsigned weight(enum error_code code)
{
    switch (code) {
    case ERROR_NOT_FOUND: return 1;
    case ERROR_NEVER_PUBLISHED:
    case ERROR_NOTHING_NEW: return 2;
    case ERROR_NOT_YET: return 3;
    case ERROR_WRAPPER: return 4;
    default: return 5;
    case ERROR_INCONCLUSIVE: return 6;
    case ERROR_INTERRUPTED: return 7;
    }
}

/* Takes the error over. */
static void verdict_add(struct verdict *verdict, const char *source, struct error *error)
{
    buffer_append_format(&verdict->said, "%s%s: %s%s%s", verdict->count > 0 ? "; " : "", source,
                         error->where ? error->where : "", error->where ? ": " : "", error->why);
    verdict->count++;
    if (!verdict->error || weight(error->code) > weight(verdict->error->code)) {
        struct error *lesser = verdict->error;
        verdict->error = error;
        error = lesser;
    }
    error_destroy(error);
}

/* The verdict on a kernel that no source has. */
static struct error *verdict_take(struct verdict *verdict, const struct fetch_request *request)
{
    struct error *error = verdict->error;

    verdict->error = NULL;
    if (!error)
        return error_create(ERROR_NOT_FOUND, request->kernel_name,
                            "no source knows this kernel; give version= (Ubuntu's), url=, file= or "
                            "apt= in the list");
    if (verdict->count == 1)
        return error;
    struct error *summary =
        error_create(error->code, request->kernel_name, "%s", buffer_text(&verdict->said));
    error_destroy(error);
    return summary;
}

/* Another source may do where one has failed, unless this machine is to blame, or the list, or
 * whoever wants it to end. */
static bool may_others_do(const struct error *error)
{
    return error->code != ERROR_SYSTEM && error->code != ERROR_OUT_OF_MEMORY &&
           error->code != ERROR_CONFIGURATION && error->code != ERROR_LIMIT &&
           error->code != ERROR_INTERRUPTED;
}

/* Index and pool of an archive agree again once its update is complete: there is no saying until
 * then whether it has the package. */
static struct error *explain(const struct package_location *location, struct error *error)
{
    if (!error || error->code != ERROR_NOT_FOUND || !location->is_listed)
        return error;
    struct error *reason = error_create(
        ERROR_INCONCLUSIVE, error->where,
        "the archive's index lists it, but the server does not have it: the archive is being "
        "updated, or its index is old; try again later");
    error_destroy(error);
    return reason;
}

/* Tries the places one after the other. *IS_DONE_RET: there is nothing else to try. */
static struct error *use_locations(const struct fetch_settings *settings,
                                   const struct fetch_request *request, const char *source,
                                   struct package_locations *locations, use_location *use,
                                   void *ret, struct verdict *verdict, bool *is_done_ret)
{
    for (size_t i = 0; i < locations->count; i++) {
        struct error *error = settle_demands(settings, request, &locations->locations[i]);
        if (!error)
            error = explain(&locations->locations[i],
                            use(settings, request, &locations->locations[i], ret));
        *is_done_ret = !error || !may_others_do(error);
        if (*is_done_ret)
            return error;
        log_write(settings->log, LOG_DETAIL, "%s: %s: %s", request->kernel_name, source,
                  error->why);
        verdict_add(verdict, source, error);
    }
    return NULL;
}

static struct error *ask_source(const struct fetch_settings *settings,
                                const struct fetch_request *request,
                                const struct package_source *source, use_location *use, void *ret,
                                struct verdict *verdict, bool *is_done_ret)
{
    CLEANUP(package_locations_deinit) struct package_locations locations = {0};
    struct error *error = source->locate(settings, request, &locations);

    if (error && may_others_do(error)) {
        log_write(settings->log, LOG_DETAIL, "%s: %s: %s", request->kernel_name, source->name,
                  error->why);
        verdict_add(verdict, source->name, error);
        return NULL;
    }
    *is_done_ret = error != NULL;
    if (error)
        return error;
    return use_locations(settings, request, source->name, &locations, use, ret, verdict,
                         is_done_ret);
}

/* The place that is on record, which needs nobody to be asked. */
static struct error *use_locked(const struct fetch_settings *settings,
                                const struct fetch_request *request, use_location *use, void *ret,
                                struct verdict *verdict, bool *is_done_ret)
{
    CLEANUP(package_locations_deinit) struct package_locations locations = {0};
    struct package_location location = {
        .url = strdup(request->locked_url),
        .byte_size = request->locked_size > 0 ? request->locked_size : PACKAGE_SIZE_UNKNOWN,
    };

    if (!location.url)
        return error_out_of_memory();
    TRY(package_locations_add(&locations, &location));
    return use_locations(settings, request, "lock file", &locations, use, ret, verdict,
                         is_done_ret);
}

static struct error *ask_all(const struct fetch_settings *settings,
                             const struct fetch_request *request, use_location *use, void *ret,
                             struct verdict *verdict, bool *is_done_ret)
{
    const struct package_source *only = request->url   ? &source_url
                                        : request->apt ? &source_apt
                                                       : NULL;

    if (request->locked_url) {
        struct error *error = use_locked(settings, request, use, ret, verdict, is_done_ret);
        if (error || *is_done_ret)
            return error;
    }
    if (only)
        return ask_source(settings, request, only, use, ret, verdict, is_done_ret);
    for (size_t i = 0; i < settings->source_count && !*is_done_ret; i++)
        TRY(ask_source(settings, request, package_source_of(settings->sources[i]), use, ret,
                       verdict, is_done_ret));
    return NULL;
}

/* Asks until one has it, or something is wrong that no other would mend. */
static struct error *find(const struct fetch_settings *settings,
                          const struct fetch_request *request, use_location *use, void *ret)
{
    CLEANUP(verdict_deinit) struct verdict verdict;
    bool is_done = false;

    verdict_init(&verdict);
    TRY(ask_all(settings, request, use, ret, &verdict, &is_done));
    return is_done ? NULL : verdict_take(&verdict, request);
}

struct error *fetch_package(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct fetched_package *ret)
{
    CLEANUP(fetched_package_deinit) struct fetched_package package = {0};

    TRY(check_request(request));
    struct error *error = request->file ? use_local_file(request, &package)
                                        : find(settings, request, download, &package);
    if (error) {
        ret->received_bytes = package.received_bytes;
        return error;
    }
    *ret = package;
    package = (struct fetched_package){0};
    return NULL;
}

/* Is a file there under one of the names that the package is kept under? */
static struct error *find_kept(const struct fetch_settings *settings, const char *kernel_name,
                               const char *url, bool *is_there_ret)
{
    CLEANUP(package_kept_names_deinit) struct package_kept_names names = {0};

    TRY(package_kept_names_init(kernel_name, url, &names));
    for (size_t i = 0; i < PACKAGE_KEPT_NAME_COUNT && !*is_there_ret; i++) {
        CLEANUP(free_pointer) char *path = path_join(settings->package_dir, names.names[i]);
        if (!path)
            return error_out_of_memory();
        *is_there_ret = access(path, R_OK) == 0;
    }
    return NULL;
}

static struct error *note_location(const struct fetch_settings *settings,
                                   const struct fetch_request *request,
                                   struct package_location *location, void *ret)
{
    struct fetch_plan *plan = ret;
    bool is_there = false;

    TRY(find_kept(settings, request->kernel_name, location->url, &is_there));
    *plan = (struct fetch_plan){
        .url = location->url,
        .sha256 = location->sha256,
        .package_version = location->package_version,
        .byte_size = location->byte_size,
        .is_there = is_there,
    };
    *location = (struct package_location){0};
    return NULL;
}

static struct error *check_local(const char *path)
{
    CLEANUP(close_pointer) int file_descriptor = -1;

    return file_open_regular(path, &file_descriptor);
}

struct error *fetch_resolve(const struct fetch_settings *settings,
                            const struct fetch_request *request, struct fetch_plan *ret)
{
    *ret =
        (struct fetch_plan){.byte_size = PACKAGE_SIZE_UNKNOWN, .is_there = request->file != NULL};
    TRY(check_request(request));
    return request->file ? check_local(request->file) : find(settings, request, note_location, ret);
}

void fetch_plan_deinit(struct fetch_plan *plan)
{
    free(plan->url);
    free(plan->sha256);
    free(plan->package_version);
    *plan = (struct fetch_plan){0};
}
