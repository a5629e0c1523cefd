/* SPDX-License-Identifier: MIT */
#include "fetch/http/transfer.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "fetch/http/curl_error.h"
#include "fetch/http/response_headers.h"
#include "fetch/http/transfer_file.h"
#include "fetch/http/transfer_queue.h"

#define RECEIVE_CAPACITY (256L << 10)

static void transfer_deinit(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->curl);
    curl_slist_free_all(transfer->sent_headers);
    error_destroy(transfer->callback_error);
    pthread_cond_destroy(&transfer->has_ended_condition);
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    response_headers_add(&transfer->headers, line, size * count);
    return size * count;
}

static uint64_t total_size(const struct transfer *transfer)
{
    curl_off_t length = -1;

    if (transfer->headers.has_range)
        return transfer->headers.range_total;
    curl_easy_getinfo(transfer->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length < 0 ? TRANSFER_SIZE_UNKNOWN : (uint64_t)length;
}

/* Does the server say that its file is another one by now? Not every server heeds If-Range. */
static bool has_changed(const struct transfer *transfer)
{
    const char *before = transfer->request->validator;
    const char *now =
        before && before[0] == '"' ? transfer->headers.entity_tag : transfer->headers.last_modified;

    return before && before[0] && now[0] && strcmp(before, now) != 0;
}

/* Is what follows the file, or a part of it? Any other answer that is no failure to libcurl, such
 * as 204 or 304, says nothing of the file. */
static bool is_about_file(long http_status)
{
    return http_status == 200 || http_status == 206;
}

static long http_status_of(const struct transfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static time_t modified_at(const struct response_headers *headers)
{
    time_t time = curl_getdate(headers->last_modified, NULL);

    return time > 0 ? time : 0;
}

static bool is_unchanged(const struct transfer *transfer)
{
    long is_unmet = 0;

    return transfer->result == CURLE_OK && transfer->request->changed_since > 0 &&
           curl_easy_getinfo(transfer->curl, CURLINFO_CONDITION_UNMET, &is_unmet) == CURLE_OK &&
           is_unmet;
}

/* A partial answer must begin where it was asked to, and be of the same file; to who asked for all,
 * some servers answer so with all. A whole one instead is fine: the file may have changed, or the
 * server knows no ranges. */
static struct error *begin(struct transfer *transfer)
{
    const struct transfer_request *request = transfer->request;
    long status = http_status_of(transfer);

    transfer->has_begun = true;
    clock_gettime(CLOCK_MONOTONIC, &transfer->begun);
    uint64_t first_byte = status == 206 ? request->first_byte : 0;
    if (status == 206 && (!transfer->headers.has_range ||
                          transfer->headers.range_first != first_byte || has_changed(transfer))) {
        transfer->is_range_refused = true;
        return error_create(ERROR_CORRUPT, request->url,
                            "the server sends other bytes than those from %" PRIu64
                            " on that it was asked for",
                            request->first_byte);
    }
    const struct transfer_response response = {
        .first_byte = first_byte,
        .is_part = status == 206,
        .total_size = total_size(transfer),
        .validator = response_headers_validator(&transfer->headers),
        .modified_at = modified_at(&transfer->headers),
    };
    return request->begin ? request->begin(request->context, &response) : NULL;
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    const struct transfer_request *request = transfer->request;

    if (!is_about_file(http_status_of(transfer)))
        return size * count;
    if (!transfer->has_begun)
        transfer->callback_error = begin(transfer);
    if (!transfer->callback_error)
        transfer->callback_error = request->receive(request->context, bytes, size * count);
    transfer->received += size * count;
    return transfer->callback_error ? 0 : size * count;
}

/* Has the body taken longer than its size allows? */
static bool is_too_slow(const struct transfer *transfer)
{
    const struct transfer_settings *settings = transfer->settings;
    struct timespec now;

    if (!transfer->has_begun || settings->average_bytes <= 0)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t allowed = (uint64_t)settings->low_speed_seconds +
                       transfer->received / (uint64_t)settings->average_bytes;
    return (uint64_t)(now.tv_sec - transfer->begun.tv_sec) > allowed;
}

/* Called some times a second, also while nothing comes. */
static int is_to_end(void *context, curl_off_t total UNUSED, curl_off_t now UNUSED,
                     curl_off_t upload_total UNUSED, curl_off_t upload_now UNUSED)
{
    struct transfer *transfer = context;
    const atomic_bool *is_cancelled = transfer->request->is_cancelled;

    transfer->is_too_slow = is_too_slow(transfer);
    return transfer->is_too_slow || (is_cancelled && atomic_load(is_cancelled));
}

static int limit_buffer(void *context, curl_socket_t socket, curlsocktype purpose UNUSED)
{
    const struct transfer_settings *settings = context;

    /* Without it more bytes come than are wanted, which is no failure. */
    (void)setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &settings->receive_buffer_bytes,
                     sizeof(settings->receive_buffer_bytes));
    return CURL_SOCKOPT_OK;
}

/* Names of protocols are given as text since libcurl 7.85, as bits before. */
static CURLcode allow_protocols(CURL *curl, const char *url)
{
    bool is_https = strncasecmp(url, "https:", 6) == 0;
#if LIBCURL_VERSION_NUM >= 0x075500
    const char *redirect = is_https ? "https" : "http,https";
    CURLcode result = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");

    if (result == CURLE_OK)
        result = curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, redirect);
#else
    const long web = CURLPROTO_HTTP | CURLPROTO_HTTPS;
    CURLcode result = curl_easy_setopt(curl, CURLOPT_PROTOCOLS, web);

    if (result == CURLE_OK)
        result =
            curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, is_https ? (long)CURLPROTO_HTTPS : web);
#endif
    return result;
}

/* The limit to the whole time is one to the average speed: a gigabyte may take hours.
 * Proxies and ~/.netrc are taken as by the command curl. */
static void set_options(struct transfer *transfer, const struct transfer_settings *settings)
{
    CURL *curl = transfer->curl;

    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, settings->maximum_redirects);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, settings->connect_timeout_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, settings->low_speed_bytes);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, settings->low_speed_seconds);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, RECEIVE_CAPACITY);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_to_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
    if (settings->receive_buffer_bytes > 0) {
        curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, limit_buffer);
        curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, settings);
    }
}

/* RFC 9110, 13.1.5: all of the file comes if it has changed. */
static struct error *set_condition(struct transfer *transfer)
{
    char condition[VALIDATOR_LENGTH_MAXIMUM + 32];

    snprintf(condition, sizeof(condition), "If-Range: %.*s", VALIDATOR_LENGTH_MAXIMUM,
             transfer->request->validator);
    transfer->sent_headers = curl_slist_append(NULL, condition);
    if (!transfer->sent_headers ||
        curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, transfer->sent_headers) != CURLE_OK)
        return error_out_of_memory();
    return NULL;
}

/* Asks for a part of the file. Of one that cannot be told from others, only the first. */
static struct error *set_range(struct transfer *transfer)
{
    const struct transfer_request *request = transfer->request;
    bool has_validator = request->validator && request->validator[0] != '\0';
    char range[48];

    if (request->first_byte > 0 ? !has_validator : request->end_byte == 0)
        return NULL;
    if (request->first_byte > 0)
        TRY(set_condition(transfer));
    if (request->end_byte > 0)
        snprintf(range, sizeof(range), "%" PRIu64 "-%" PRIu64, request->first_byte,
                 request->end_byte - 1);
    else
        snprintf(range, sizeof(range), "%" PRIu64 "-", request->first_byte);
    if (curl_easy_setopt(transfer->curl, CURLOPT_RANGE, range) != CURLE_OK)
        return error_out_of_memory();
    return NULL;
}

static struct error *set_up(struct transfer *transfer, const struct transfer_settings *settings)
{
    const char *url = transfer->request->url;

    transfer->curl = curl_easy_init();
    if (!transfer->curl)
        return error_out_of_memory();
    set_options(transfer, settings);
    if (transfer->request->is_text)
        curl_easy_setopt(transfer->curl, CURLOPT_ACCEPT_ENCODING, "");
    if (transfer->request->changed_since > 0) {
        curl_easy_setopt(transfer->curl, CURLOPT_TIMECONDITION, (long)CURL_TIMECOND_IFMODSINCE);
        curl_easy_setopt(transfer->curl, CURLOPT_TIMEVALUE_LARGE,
                         (curl_off_t)transfer->request->changed_since);
    }
    if (settings->ca_bundle &&
        curl_easy_setopt(transfer->curl, CURLOPT_CAINFO, settings->ca_bundle) != CURLE_OK)
        return error_create(ERROR_UNSUPPORTED, settings->ca_bundle,
                            "this libcurl (%s) cannot be given certificates", curl_version());
    if (curl_easy_setopt(transfer->curl, CURLOPT_USERAGENT, settings->user_agent) != CURLE_OK ||
        curl_easy_setopt(transfer->curl, CURLOPT_URL, url) != CURLE_OK)
        return error_out_of_memory();
    if (allow_protocols(transfer->curl, url) != CURLE_OK)
        return error_create(ERROR_UNSUPPORTED, url, "this libcurl (%s) lacks http or https",
                            curl_version());
    return set_range(transfer);
}

static unsigned asked_wait_seconds(CURL *curl)
{
    curl_off_t seconds = 0;

    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds < 0)
        return 0;
    return seconds < INT_MAX ? (unsigned)seconds : INT_MAX;
}

static void log_end(const struct transfer *transfer, const struct transfer_settings *settings,
                    long http_status)
{
    const struct transfer_request *request = transfer->request;
    curl_off_t microseconds = 0;

    curl_easy_getinfo(transfer->curl, CURLINFO_TOTAL_TIME_T, &microseconds);
    log_write(settings->log, LOG_DETAIL, "GET %s%s: status %ld, %" PRIu64 " bytes in %.1f s",
              request->url,
              request->end_byte > 0     ? " (a part)"
              : request->first_byte > 0 ? " (the rest)"
                                        : "",
              http_status, transfer->received, (double)microseconds / 1e6);
}

/* The outcome of a transfer that has ended with RESULT. */
static struct error *outcome(struct transfer *transfer, const struct transfer_settings *settings,
                             struct transfer_failure *failure)
{
    const struct transfer_request *request = transfer->request;
    long status = http_status_of(transfer);

    log_end(transfer, settings, status);
    if (is_unchanged(transfer))
        return NULL;
    if (transfer->result == CURLE_OK && is_about_file(status) && !transfer->has_begun &&
        !transfer->callback_error)
        transfer->callback_error = begin(transfer);
    failure->is_range_refused =
        transfer->is_range_refused || (status == 416 && request->first_byte > 0);
    failure->wait_seconds = asked_wait_seconds(transfer->curl);
    failure->has_answer = status != 0 || transfer->has_begun || transfer->callback_error;
    if (transfer->callback_error) {
        struct error *error = transfer->callback_error;
        transfer->callback_error = NULL;
        return error;
    }
    if (transfer->is_too_slow)
        return error_create(ERROR_INCONCLUSIVE, request->url,
                            "comes too slowly, %" PRIu64 " bytes so far, less on average than "
                            "average_speed_limit (%ld bytes a second): it is left to the next run",
                            transfer->received, settings->average_bytes);
    /* A partial answer to a request for the rest is as good as a whole one. */
    if (status == 206 && transfer->result == CURLE_OK)
        return NULL;
    struct curl_outcome ended = {.http_status = status, .detail = transfer->detail};
    curl_easy_getinfo(transfer->curl, CURLINFO_HTTP_CONNECTCODE, &ended.proxy_status);
    return curl_error_translate(transfer->result, &ended, request->url, &failure->is_transient);
}

static struct error *transfer_from_server(struct transfer_engine *engine,
                                          const struct transfer_request *request,
                                          struct transfer_failure *failure)
{
    CLEANUP(transfer_deinit) struct transfer transfer = {.request = request};
    const struct transfer_settings *settings = transfer_engine_settings(engine);

    transfer.settings = settings;
    pthread_cond_init(&transfer.has_ended_condition, NULL);
    TRY(set_up(&transfer, settings));
    TRY(transfer_queue_run(engine, &transfer));
    return outcome(&transfer, settings, failure);
}

struct error *transfer_run(struct transfer_engine *engine, const struct transfer_request *request,
                           struct transfer_failure *failure)
{
    *failure = (struct transfer_failure){.has_answer = true};
    return transfer_is_of_file(request) ? transfer_file(request)
                                        : transfer_from_server(engine, request, failure);
}
