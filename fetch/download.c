/* SPDX-License-Identifier: MIT */
#include "fetch/download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "fetch/package_name.h"
#include "fetch/part_file.h"
#include "fetch/retry.h"
#include "fetch/sha256.h"
#include "fetch/transfer.h"

enum { MAGIC_LENGTH = 8, SHOWN_LENGTH = 40, URL_LENGTH_MAXIMUM = 65536 };

/* Beside a package: the URL it came from, and its hash. */
#define ORIGIN_SUFFIX ".from"

/* Ten times the largest package seen, so that a server cannot fill the disk. */
#define MAXIMUM_PACKAGE_BYTES (UINT64_C(16) << 30)

/* What comes in, and what it should be. */
struct arrival {
    const struct package_location *location;
    struct part_file *part;
    char beginning[SHOWN_LENGTH];
    size_t beginning_length;
};

static bool has_known_magic(const char *beginning, size_t length)
{
    return length >= MAGIC_LENGTH && (memcmp(beginning, "!<arch>\n", MAGIC_LENGTH) == 0 ||
                                      memcmp(beginning, "\177ELF", 4) == 0);
}

static struct error *check_beginning(const struct arrival *arrival)
{
    if (has_known_magic(arrival->beginning, arrival->beginning_length))
        return NULL;
    return error_create(ERROR_NOT_A_PACKAGE, arrival->location->url,
                        "what the server sent is neither a package nor an ELF file, it begins with "
                        "\"%.*s\": open the URL in a browser to see why",
                        (int)strnlen(arrival->beginning, arrival->beginning_length),
                        arrival->beginning);
}

static struct error *wrong_size(const struct arrival *arrival, const char *suffix)
{
    return error_create(ERROR_CORRUPT, arrival->location->url,
                        "the server sends %" PRIu64 " bytes%s where %" PRIu64
                        " are promised: update apt's index (apt-get update), or correct the URL",
                        arrival->part->byte_size, suffix, arrival->location->byte_size);
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct arrival *arrival = context;
    struct part_file *part = arrival->part;
    size_t wanted = sizeof(arrival->beginning) - arrival->beginning_length;

    memcpy(arrival->beginning + arrival->beginning_length, bytes,
           length < wanted ? length : wanted);
    arrival->beginning_length += length < wanted ? length : wanted;
    if (arrival->beginning_length == sizeof(arrival->beginning))
        TRY(check_beginning(arrival));
    TRY(part_file_append(part, bytes, length));
    if (part->byte_size > MAXIMUM_PACKAGE_BYTES)
        return error_create(ERROR_LIMIT, arrival->location->url,
                            "is longer than the %" PRIu64 " GiB allowed for a package",
                            MAXIMUM_PACKAGE_BYTES >> 30);
    /* An unknown size is larger than any. */
    return part->byte_size > arrival->location->byte_size ? wrong_size(arrival, " or more") : NULL;
}

static void sleep_milliseconds(unsigned milliseconds)
{
    const struct timespec delay = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};

    nanosleep(&delay, NULL);
}

static struct error *transfer_with_retries(const struct fetch_settings *settings,
                                           struct arrival *arrival)
{
    const char *url = arrival->location->url;

    for (unsigned failed_tries = 1;; failed_tries++) {
        struct transfer_failure failure;
        unsigned milliseconds = 0;

        TRY(part_file_clear(arrival->part));
        arrival->beginning_length = 0;
        struct error *error = transfer_run(settings, url, receive, arrival, &failure);
        if (!error || !failure.is_transient ||
            !retry_delay(failed_tries, failure.wait_seconds, &milliseconds))
            return error;
        log_write(settings->log, LOG_NOTICE, "%s: %s; next try in %u ms", url, error->why,
                  milliseconds);
        error_destroy(error);
        sleep_milliseconds(milliseconds);
    }
}

static struct error *check_arrival(const struct arrival *arrival, const char *sha256)
{
    const struct package_location *location = arrival->location;

    TRY(check_beginning(arrival));
    if (location->byte_size != PACKAGE_SIZE_UNKNOWN &&
        arrival->part->byte_size != location->byte_size)
        return wrong_size(arrival, "");
    if (location->sha256 && strcmp(location->sha256, sha256) != 0)
        return error_create(ERROR_CORRUPT, location->url,
                            "the bytes have SHA-256 %s where %s is promised: fetch again, and if "
                            "it stays so, find out who changed the file before changing the list",
                            sha256, location->sha256);
    return NULL;
}

static struct error *describe(const struct package_location *location, const char *path,
                              const char *sha256, uint64_t byte_size, struct fetched_package *ret)
{
    ret->path = strdup(path);
    ret->url = strdup(location->url);
    ret->sha256 = strdup(sha256);
    ret->byte_size = byte_size;
    ret->is_verified = location->sha256 != NULL;
    return ret->path && ret->url && ret->sha256 ? NULL : error_out_of_memory();
}

static struct error *origin_path(const char *path, char **origin_path_ret)
{
    if (asprintf(origin_path_ret, "%s%s", path, ORIGIN_SUFFIX) < 0)
        return error_out_of_memory();
    return NULL;
}

static struct error *origin_text(const char *url, const char *sha256, char **text_ret)
{
    if (asprintf(text_ret, "%s\n%s\n", url, sha256) < 0)
        return error_out_of_memory();
    return NULL;
}

static struct error *compare_origin(const char *path, const char *url, const char *sha256,
                                    bool *is_same_ret)
{
    CLEANUP(free_pointer) char *origin = NULL;
    CLEANUP(free_pointer) char *wanted = NULL;
    CLEANUP(free_pointer) char *recorded = NULL;
    size_t length = 0;

    TRY(origin_path(path, &origin));
    TRY(origin_text(url, sha256, &wanted));
    TRY(file_read(origin, URL_LENGTH_MAXIMUM, &recorded, &length));
    *is_same_ret = strcmp(recorded, wanted) == 0;
    return NULL;
}

/* Is it on record that the file at PATH, which has that hash, came from URL? */
static bool came_from(const char *path, const char *url, const char *sha256)
{
    bool is_same = false;
    struct error *error = compare_origin(path, url, sha256, &is_same);

    error_destroy(error);
    return !error && is_same;
}

/* Written in place: a record that was cut short only has the package fetched again. */
static struct error *record_origin(const char *path, const char *url, const char *sha256)
{
    CLEANUP(free_pointer) char *origin = NULL;
    CLEANUP(free_pointer) char *text = NULL;

    TRY(origin_path(path, &origin));
    TRY(origin_text(url, sha256, &text));
    CLEANUP(close_pointer)
    int file_descriptor = open(origin, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_descriptor < 0)
        return error_create_errno(errno, origin, "cannot create");
    return file_write_all(file_descriptor, text, strlen(text), origin);
}

void download_discard(const char *path)
{
    CLEANUP(free_pointer) char *origin = NULL;
    struct error *error = origin_path(path, &origin);

    if (!error)
        unlink(origin);
    error_destroy(error);
    unlink(path);
}

/* Uses the file at PATH if it is the one wanted. */
static struct error *reuse(const struct fetch_settings *settings,
                           const struct package_location *location, const char *path,
                           struct fetched_package *ret, bool *is_reused_ret)
{
    char sha256[SHA256_HEX_LENGTH + 1];
    uint64_t byte_size = 0;
    struct error *error = sha256_of_file(path, sha256, &byte_size);

    *is_reused_ret = false;
    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return NULL;
    }
    if (error)
        return error;
    *is_reused_ret = location->sha256 ? strcmp(location->sha256, sha256) == 0
                                      : came_from(path, location->url, sha256);
    if (*is_reused_ret)
        return describe(location, path, sha256, byte_size, ret);
    log_write(settings->log, LOG_NOTICE,
              "%s: is there but is not known to be the package wanted (its SHA-256 is %s); "
              "fetching it again",
              path, sha256);
    return NULL;
}

static struct error *fetch_to(const struct fetch_settings *settings,
                              const struct package_location *location, const char *path,
                              struct fetched_package *ret)
{
    CLEANUP(part_file_deinit) struct part_file part = {.file_descriptor = -1};
    struct arrival arrival = {.location = location, .part = &part};
    char sha256[SHA256_HEX_LENGTH + 1];
    bool is_reused = false;

    TRY(part_file_init(&part, path, settings->log));
    /* Who held the lock before may have fetched it. */
    TRY(reuse(settings, location, path, ret, &is_reused));
    if (is_reused)
        return NULL;
    log_write(settings->log, LOG_NOTICE, "fetching %s", location->url);
    TRY(transfer_with_retries(settings, &arrival));
    TRY(part_file_hash(&part, sha256));
    TRY(check_arrival(&arrival, sha256));
    TRY(record_origin(path, location->url, sha256));
    TRY(part_file_publish(&part));
    ret->was_fetched = true;
    return describe(location, path, sha256, part.byte_size, ret);
}

struct error *download_package(const struct fetch_settings *settings,
                               const struct package_location *location, struct fetched_package *ret)
{
    CLEANUP(free_pointer) char *name = NULL;
    bool is_reused = false;

    TRY(package_file_name_from_url(location->url, &name));
    CLEANUP(free_pointer) char *path = path_join(settings->package_dir, name);
    if (!path)
        return error_out_of_memory();
    TRY(directory_create(settings->package_dir));
    TRY(reuse(settings, location, path, ret, &is_reused));
    return is_reused ? NULL : fetch_to(settings, location, path, ret);
}
