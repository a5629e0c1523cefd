/* SPDX-License-Identifier: MIT */
#include "fetch/package/download.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/hash/sha256.h"
#include "base/system/file.h"
#include "base/text/public_url.h"
#include "fetch/http/transfer.h"
#include "fetch/http/transfer_retry.h"
#include "fetch/package/fetched_package.h"
#include "fetch/package/kept/package_record.h"
#include "fetch/package/kept/part_file.h"
#include "fetch/package/package_beginning.h"
#include "fetch/package/package_length.h"
#include "fetch/package/package_name.h"

enum {
    URL_LENGTH_MAXIMUM = 65536,
    ORIGIN_MAXIMUM = URL_LENGTH_MAXIMUM + 1024,
};

/* Ten times the largest package seen, so that a server cannot fill the disk. */
#define MAXIMUM_PACKAGE_BYTES (UINT64_C(16) << 30)

/* So much more than before shows that trying again gets on. */
#define PROGRESS_BYTES (UINT64_C(1) << 20)

/* What comes in, and what it should be. */
struct arrival {
    const struct fetch_settings *settings;
    const struct fetch_request *request;
    char *file_name;
    const struct package_location *location;
    char *public_url; /* of the location */
    struct host_visit visit;
    struct part_file *part;
    char *origin;            /* of the bytes that come in now; NULL: of no use later */
    uint64_t total_size;     /* as the server says, or TRANSFER_SIZE_UNKNOWN */
    uint64_t received_bytes; /* over all tries */
    bool has_checked_beginning;
    bool is_continued; /* what comes in now was appended to what an earlier try left */
};

static void arrival_deinit(struct arrival *arrival)
{
    free(arrival->file_name);
    free(arrival->public_url);
    free(arrival->origin);
}

static void notify(const struct arrival *arrival, bool has_ended)
{
    const struct fetch_observer *observer = arrival->settings->observer;
    const struct fetch_progress progress = {
        .kernel_name = arrival->request->kernel_name,
        .file_name = arrival->file_name,
        .received_bytes = arrival->part->byte_size,
        .total_bytes = arrival->total_size,
        .has_ended = has_ended,
    };

    if (observer)
        observer->notify(observer->context, &progress);
}

/* Nobody goes on with what says nothing of the package. */
static struct error *check_beginning(struct arrival *arrival)
{
    char beginning[PACKAGE_BEGINNING_LENGTH];
    size_t length = part_file_beginning(arrival->part, beginning, sizeof(beginning));
    struct error *error = package_beginning_check(beginning, length, arrival->location->url);

    arrival->has_checked_beginning = true;
    if (error && error->code == ERROR_INCONCLUSIVE)
        error_destroy(part_file_clear(arrival->part, NULL));
    return error;
}

/* What to do where the bytes are not those of the last time. */
static const char *advice(const struct arrival *arrival)
{
    return arrival->request->is_locked
               ? "; if what was taken then was not right, `kstruct fetch --relock` with the "
                 "kernel's name locks what is there now"
               : "";
}

static struct error *wrong_size(const struct arrival *arrival, uint64_t byte_size,
                                const char *suffix)
{
    return error_create(ERROR_CORRUPT, arrival->location->url,
                        "the server sends %" PRIu64 " bytes%s where %" PRIu64
                        " are promised: another file has that name now; correct the list or its "
                        "lock file, or update apt's index (apt-get update)%s",
                        byte_size, suffix, arrival->location->byte_size, advice(arrival));
}

/* A file that cannot be the one, or for which there is no room, is not begun with. */
static struct error *check_total_size(const struct arrival *arrival)
{
    const char *directory = arrival->settings->package_dir;
    uint64_t total = arrival->total_size;
    struct statvfs disk;

    if (total == TRANSFER_SIZE_UNKNOWN)
        return NULL;
    if (arrival->location->byte_size != PACKAGE_SIZE_UNKNOWN &&
        total != arrival->location->byte_size)
        return wrong_size(arrival, total, "");
    if (statvfs(directory, &disk) != 0)
        return NULL;
    uint64_t missing =
        total - (arrival->part->byte_size < total ? arrival->part->byte_size : total);
    uint64_t available = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (missing > available)
        return error_create(ERROR_SYSTEM, directory,
                            "%" PRIu64 " bytes are to come and only %" PRIu64
                            " are free: make room, or have packages kept elsewhere",
                            missing, available);
    return NULL;
}

/* The note of what a part file is the beginning of: the URL and what the server says of its state.
 * NULL if the server says nothing. */
static struct error *make_origin(struct arrival *arrival, const char *validator)
{
    free(arrival->origin);
    arrival->origin = NULL;
    if (validator[0] == '\0')
        return NULL;
    if (asprintf(&arrival->origin, "%s\n%s\n", arrival->public_url, validator) < 0) {
        arrival->origin = NULL;
        return error_out_of_memory();
    }
    return NULL;
}

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct arrival *arrival = context;
    uint64_t total_before = arrival->total_size;

    host_health_answered(&arrival->visit);
    arrival->total_size = response->total_size;
    arrival->is_continued = response->first_byte > 0;
    if (arrival->is_continued && total_before != TRANSFER_SIZE_UNKNOWN &&
        response->total_size != TRANSFER_SIZE_UNKNOWN && response->total_size != total_before)
        return error_create(ERROR_CORRUPT, arrival->location->url,
                            "the server sends the rest of a file of %" PRIu64
                            " bytes where the beginning is of one of %" PRIu64,
                            response->total_size, total_before);
    if (response->first_byte == 0) {
        TRY(make_origin(arrival, response->validator));
        TRY(part_file_clear(arrival->part, arrival->origin));
        arrival->has_checked_beginning = false;
    }
    TRY(check_total_size(arrival));
    notify(arrival, false);
    return NULL;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct arrival *arrival = context;
    struct part_file *part = arrival->part;

    TRY(part_file_append(part, bytes, length));
    arrival->received_bytes += length;
    notify(arrival, false);
    if (!arrival->has_checked_beginning && part->byte_size >= PACKAGE_BEGINNING_LENGTH) {
        TRY(check_beginning(arrival));
        /* Not before: an error page is as small. */
        if (arrival->total_size < arrival->location->minimum_size)
            return package_wrapper_error(arrival->location->url, arrival->total_size);
    }
    if (part->byte_size > MAXIMUM_PACKAGE_BYTES)
        return error_create(ERROR_LIMIT, arrival->location->url,
                            "is longer than the %" PRIu64 " GiB allowed for a package",
                            MAXIMUM_PACKAGE_BYTES >> 30);
    /* An unknown size is larger than any. */
    return part->byte_size > arrival->location->byte_size
               ? wrong_size(arrival, part->byte_size, " or more")
               : NULL;
}

/* What the part file's note says of the bytes' validator, if they are the beginning of what is
 * wanted; NULL if they are not. Points into the note, and ends with the line. */
static const char *validator_of(const struct arrival *arrival)
{
    const char *origin = arrival->part->origin;
    size_t url_length = strlen(arrival->public_url);

    if (!origin || strncmp(origin, arrival->public_url, url_length) != 0 ||
        origin[url_length] != '\n')
        return NULL;
    return origin + url_length + 1;
}

/* What was left behind is gone on with only if a hash will prove the whole; a file of a power
 * failure may have the right length and the wrong bytes. */
static struct error *prepare_part(struct arrival *arrival)
{
    if (arrival->part->byte_size > 0 && arrival->location->sha256 && validator_of(arrival) &&
        arrival->part->byte_size <= arrival->location->byte_size)
        return NULL;
    return part_file_clear(arrival->part, NULL);
}

/* A partial answer may be shorter than what was asked for, and one of unknown length ends wherever
 * the connection does. */
static struct error *check_is_whole(const struct arrival *arrival, struct transfer_failure *failure)
{
    const struct part_file *part = arrival->part;
    bool is_told = arrival->total_size != TRANSFER_SIZE_UNKNOWN;
    uint64_t total = is_told ? arrival->total_size : arrival->location->byte_size;
    struct error *error = NULL;

    if (total == PACKAGE_SIZE_UNKNOWN)
        error =
            package_length_check(part->file_descriptor, part->byte_size, arrival->location->url);
    else if (part->byte_size < total)
        error = error_create(ERROR_INCONCLUSIVE, arrival->location->url,
                             "the server sent %" PRIu64 " of %" PRIu64 " bytes: try again later",
                             part->byte_size, total);
    failure->is_transient = error != NULL;
    return error;
}

static struct error *try_transfer(struct arrival *arrival, struct transfer_failure *failure)
{
    char validator[ORIGIN_MAXIMUM];
    const char *noted = validator_of(arrival);

    snprintf(validator, sizeof(validator), "%.*s", noted ? (int)strcspn(noted, "\n") : 0,
             noted ? noted : "");
    const struct transfer_request request = {
        .url = arrival->location->url,
        .first_byte = noted ? arrival->part->byte_size : 0,
        .validator = validator,
        .begin = begin,
        .receive = receive,
        .context = arrival,
        .is_cancelled = arrival->settings->is_cancelled,
    };
    TRY(transfer_run(arrival->settings->engine, &request, failure));
    return check_is_whole(arrival, failure);
}

static struct error *try_again_and_again(struct arrival *arrival, struct transfer_failure *failure)
{
    const struct fetch_settings *settings = arrival->settings;
    const char *url = arrival->location->url;
    uint64_t furthest = arrival->part->byte_size;

    for (unsigned failed_tries = 1;; failed_tries++) {
        struct error *error = try_transfer(arrival, failure);
        if (!error || failure->is_range_refused ||
            arrival->part->byte_size >= furthest + PROGRESS_BYTES)
            host_health_note(settings->host_health, url, false);
        if (arrival->part->byte_size >= furthest + PROGRESS_BYTES) {
            furthest = arrival->part->byte_size;
            failed_tries = 1;
        }
        if (!error)
            return NULL;
        if (failure->is_range_refused)
            error_destroy(part_file_clear(arrival->part, NULL));
        else if (!failure->is_transient || retry_is_cancelled(settings))
            return error;
        if (!retry_pause(settings, url, error, failed_tries, failure->wait_seconds))
            return error;
        error_destroy(error);
    }
}

static struct error *transfer_with_retries(struct arrival *arrival)
{
    const struct fetch_settings *settings = arrival->settings;
    struct transfer_failure failure = {.has_answer = true};

    TRY(retry_enter(settings, arrival->location->url, &arrival->visit));
    struct error *error = try_again_and_again(arrival, &failure);
    host_health_leave(&arrival->visit, failure.has_answer || retry_is_cancelled(settings));
    return error;
}

static struct error *check_arrival(struct arrival *arrival, const char *sha256)
{
    const struct package_location *location = arrival->location;

    TRY(check_beginning(arrival));
    if (location->byte_size != PACKAGE_SIZE_UNKNOWN &&
        arrival->part->byte_size != location->byte_size)
        return wrong_size(arrival, arrival->part->byte_size, "");
    /* Without a hash it would be taken, and locked, as it is. */
    if (!location->sha256)
        TRY(package_length_check(arrival->part->file_descriptor, arrival->part->byte_size,
                                 location->url));
    if (location->sha256 && strcmp(location->sha256, sha256) != 0)
        return error_create(ERROR_CORRUPT, location->url,
                            "the bytes have SHA-256 %s where %s is promised: fetch again, and if "
                            "it stays so, find out who changed the file before changing the list%s",
                            sha256, location->sha256, advice(arrival));
    if (arrival->part->byte_size < location->minimum_size)
        return package_wrapper_error(arrival->location->url, arrival->part->byte_size);
    return NULL;
}

/* An earlier try may have been ended between the last byte and the file's name: then nothing is
 * asked for. */
static struct error *transfer_and_check(struct arrival *arrival, char *sha256)
{
    TRY(part_file_hash(arrival->part, sha256));
    if (arrival->part->byte_size == 0 || strcmp(arrival->location->sha256, sha256) != 0) {
        TRY(transfer_with_retries(arrival));
        TRY(part_file_hash(arrival->part, sha256));
    }
    return check_arrival(arrival, sha256);
}

/* Fetches all of it. Where the bytes are not those promised although an earlier try's beginning was
 * used, that beginning may be to blame: once more from the start. */
static struct error *transfer_whole(struct arrival *arrival, char *sha256)
{
    struct error *error = transfer_and_check(arrival, sha256);

    if (!error || !arrival->is_continued ||
        (error->code != ERROR_CORRUPT && error->code != ERROR_NOT_A_PACKAGE))
        return error;
    log_write(arrival->settings->log, LOG_NOTICE, "%s: %s; fetching all of it again",
              arrival->location->url, error->why);
    error_destroy(error);
    TRY(part_file_clear(arrival->part, NULL));
    return transfer_and_check(arrival, sha256);
}

/* Uses the file at PATH if it is the one wanted. *SHA256_RET is the hash of one that is not; "" if
 * there is none. */
static struct error *reuse(const struct fetch_request *request,
                           const struct package_location *location, const char *path,
                           struct fetched_package *ret, bool *is_reused_ret, char *sha256_ret)
{
    CLEANUP(close_pointer) int file_descriptor = -1;
    uint64_t byte_size = 0;
    struct error *error = file_open_regular(path, &file_descriptor);

    *is_reused_ret = false;
    *sha256_ret = '\0';
    if (error && error->code == ERROR_NOT_FOUND) {
        error_destroy(error);
        return NULL;
    }
    if (!error)
        error = sha256_of_descriptor(file_descriptor, path, sha256_ret, &byte_size);
    if (error)
        return error;
    *is_reused_ret = location->sha256 ? strcmp(location->sha256, sha256_ret) == 0
                                      : !request->is_anew &&
                                            package_record_tells(path, location->url, sha256_ret);
    if (!*is_reused_ret)
        return NULL;
    /* For package_cache_trim(): it was of use just now. */
    futimens(file_descriptor, NULL);
    return fetched_package_describe(location, path, file_descriptor, sha256_ret, byte_size, ret);
}

static struct error *arrive(struct arrival *arrival, const char *path, struct fetched_package *ret)
{
    const char *url = arrival->location->url;
    char sha256[SHA256_HEX_LENGTH + 1];

    TRY(prepare_part(arrival));
    log_write(arrival->settings->log, LOG_NOTICE, "%s: fetching %s%s",
              arrival->request->kernel_name, url,
              arrival->part->byte_size > 0 ? ", going on where the last try ended" : "");
    TRY(transfer_whole(arrival, sha256));
    TRY(package_record_write(path, url, sha256));
    TRY(part_file_publish(arrival->part));
    ret->was_fetched = true;
    return fetched_package_describe(arrival->location, path, arrival->part->file_descriptor, sha256,
                                    arrival->part->byte_size, ret);
}

static struct error *fetch_to(const struct fetch_settings *settings,
                              const struct fetch_request *request,
                              const struct package_location *location, const char *path,
                              struct fetched_package *ret)
{
    CLEANUP(part_file_deinit) struct part_file part = {.file_descriptor = -1};
    CLEANUP(arrival_deinit)
    struct arrival arrival = {
        .settings = settings,
        .request = request,
        .location = location,
        .part = &part,
        .total_size = location->byte_size,
    };
    char sha256[SHA256_HEX_LENGTH + 1];
    bool is_reused = false;

    TRY(package_file_name_from_url(location->url, &arrival.file_name));
    TRY(public_url(location->url, &arrival.public_url));
    TRY(part_file_init(&part, path, settings->log, settings->is_cancelled));
    /* Who held the lock before may have fetched it. */
    TRY(reuse(request, location, path, ret, &is_reused, sha256));
    if (is_reused)
        return NULL;
    if (sha256[0] != '\0')
        log_write(settings->log, LOG_NOTICE,
                  "%s: is there but is not known to be the package wanted (its SHA-256 is %s); "
                  "fetching it again",
                  path, sha256);
    struct error *error = arrive(&arrival, path, ret);
    ret->received_bytes += arrival.received_bytes;
    notify(&arrival, true);
    if (error && (error->code == ERROR_INCONCLUSIVE || error->code == ERROR_SYSTEM))
        part_file_keep(&part);
    return error;
}

/* The same under the name that packages were kept under before. What cannot be read there is none.
 */
static struct error *reuse_old(const struct fetch_settings *settings,
                               const struct fetch_request *request,
                               const struct package_location *location, const char *name,
                               struct fetched_package *ret, bool *is_reused_ret)
{
    CLEANUP(free_pointer) char *path = path_join(settings->package_dir, name);
    char sha256[SHA256_HEX_LENGTH + 1];

    if (!path)
        return error_out_of_memory();
    error_destroy(reuse(request, location, path, ret, is_reused_ret, sha256));
    return NULL;
}

struct error *download_package(const struct fetch_settings *settings,
                               const struct fetch_request *request,
                               const struct package_location *location, struct fetched_package *ret)
{
    CLEANUP(package_kept_names_deinit) struct package_kept_names names = {0};
    char sha256[SHA256_HEX_LENGTH + 1];
    bool is_reused = false;

    TRY(package_kept_names_init(request->kernel_name, location->url, &names));
    CLEANUP(free_pointer) char *path = path_join(settings->package_dir, names.names[0]);
    if (!path)
        return error_out_of_memory();
    TRY(directory_create(settings->package_dir));
    TRY(reuse(request, location, path, ret, &is_reused, sha256));
    if (!is_reused)
        TRY(reuse_old(settings, request, location, names.names[1], ret, &is_reused));
    return is_reused ? part_file_tidy(path) : fetch_to(settings, request, location, path, ret);
}
