/* SPDX-License-Identifier: MIT */
#include "fetch/index_file.h"

#include <archive.h>
#include <archive_entry.h>

#include "fetch/host_health.h"
#include "fetch/retry.h"
#include "fetch/transfer.h"

enum { UNPACK_CAPACITY = 64 << 10 };

/* What comes in. */
struct arrival {
    const char *url;
    struct buffer *bytes;
};

static struct error *too_long(const char *url, const struct buffer *bytes)
{
    return error_create(ERROR_INCONCLUSIVE, url,
                        "is longer than the %zu bytes allowed for an index of this kind",
                        bytes->maximum);
}

static struct error *begin(void *context, const struct transfer_response *response)
{
    struct arrival *arrival = context;

    buffer_clear(arrival->bytes);
    if (response->total_size != TRANSFER_SIZE_UNKNOWN &&
        response->total_size > arrival->bytes->maximum)
        return too_long(arrival->url, arrival->bytes);
    return NULL;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct arrival *arrival = context;

    buffer_append(arrival->bytes, bytes, length);
    if (!arrival->bytes->has_failed)
        return NULL;
    return arrival->bytes->failure == ERROR_LIMIT ? too_long(arrival->url, arrival->bytes)
                                                  : error_out_of_memory();
}

struct error *index_file_fetch(const struct fetch_settings *settings, const char *url,
                               struct buffer *ret)
{
    struct arrival arrival = {url, ret};
    const struct transfer_request request = {
        .url = url,
        .begin = begin,
        .receive = receive,
        .context = &arrival,
        .is_cancelled = settings->is_cancelled,
    };

    for (unsigned failed_tries = 1;; failed_tries++) {
        struct transfer_failure failure;
        unsigned milliseconds = 0;

        struct error *error = transfer_run(settings->engine, &request, &failure);
        if (!error)
            host_health_note(settings->host_health, url, false);
        if (!error || !failure.is_transient ||
            (settings->is_cancelled && atomic_load(settings->is_cancelled)) ||
            !retry_wait_for_url(settings, url, failed_tries, failure.wait_seconds, &milliseconds))
            return error;
        log_write(settings->log, LOG_NOTICE, "%s: %s; next try in %u.%u s", url, error->why,
                  milliseconds / 1000, milliseconds % 1000 / 100);
        error_destroy(error);
        retry_sleep(settings, milliseconds);
    }
}

static void close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

/* libarchive's codes end here. */
static struct error *translate(struct archive *archive, const char *url)
{
    const char *text = archive_error_string(archive);

    return error_create(ERROR_INCONCLUSIVE, url, "cannot be unpacked: %s",
                        text ? text : "no reason given");
}

/* *is_empty_ret: nothing at all was packed. */
static struct error *open_packed(struct archive *archive, const struct buffer *packed,
                                 const char *url, bool *is_empty_ret)
{
    struct archive_entry *entry;

    /* A warning would mean that libarchive runs a program to decompress. */
    if (archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
        archive_read_support_filter_gzip(archive) != ARCHIVE_OK)
        return error_create(ERROR_UNSUPPORTED, url, "this libarchive (%s) lacks xz or gzip",
                            archive_version_details());
    if (archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_open_memory(archive, buffer_text(packed), packed->length) != ARCHIVE_OK)
        return translate(archive, url);
    int status = archive_read_next_header(archive, &entry);
    *is_empty_ret = status == ARCHIVE_EOF;
    return status == ARCHIVE_OK || *is_empty_ret ? NULL : translate(archive, url);
}

struct error *index_file_unpack(const struct buffer *packed, const char *url, struct buffer *ret)
{
    CLEANUP(close_archive) struct archive *archive = archive_read_new();
    char bytes[UNPACK_CAPACITY];
    bool is_empty = false;
    la_ssize_t count = 0;

    if (!archive)
        return error_out_of_memory();
    buffer_clear(ret);
    TRY(open_packed(archive, packed, url, &is_empty));
    while (!is_empty && (count = archive_read_data(archive, bytes, sizeof(bytes))) > 0) {
        struct arrival arrival = {url, ret};
        TRY(receive(&arrival, bytes, (size_t)count));
    }
    return count == 0 ? NULL : translate(archive, url);
}
