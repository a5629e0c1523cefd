/* SPDX-License-Identifier: MIT */
#include "fetch/transfer.h"

#include <curl/curl.h>
#include <limits.h>
#include <string.h>

#include "fetch/curl_error.h"

#define RECEIVE_CAPACITY (256L << 10)

struct transfer {
    CURL *curl;
    transfer_sink *sink;
    void *context;
    struct error *sink_error;
    char detail[CURL_ERROR_SIZE]; /* libcurl's words on the failure */
};

static void transfer_deinit(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->curl);
    error_destroy(transfer->sink_error);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    transfer->sink_error = transfer->sink(transfer->context, bytes, size * count);
    return transfer->sink_error ? 0 : size * count;
}

/* Names of protocols are given as text since libcurl 7.85, as bits before. */
static CURLcode allow_protocols(CURL *curl, const char *url)
{
    bool is_file = strncasecmp(url, "file:", 5) == 0;
    bool is_https = strncasecmp(url, "https:", 6) == 0;
#if LIBCURL_VERSION_NUM >= 0x075500
    const char *redirect = is_https ? "https" : "http,https";
    CURLcode result =
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_file ? "file" : "http,https");

    if (result == CURLE_OK)
        result = curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, redirect);
#else
    const long web = CURLPROTO_HTTP | CURLPROTO_HTTPS;
    CURLcode result =
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS, is_file ? (long)CURLPROTO_FILE : web);

    if (result == CURLE_OK)
        result =
            curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, is_https ? (long)CURLPROTO_HTTPS : web);
#endif
    return result;
}

/* There is no limit to the whole time: a gigabyte may take an hour, but a stall is given up. */
static void set_options(struct transfer *transfer, const struct fetch_settings *settings)
{
    CURL *curl = transfer->curl;

    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)settings->maximum_redirects);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, settings->connect_timeout_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, settings->low_speed_bytes);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, settings->low_speed_seconds);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, RECEIVE_CAPACITY);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
}

static struct error *set_up(struct transfer *transfer, const struct fetch_settings *settings,
                            const char *url)
{
    transfer->curl = curl_easy_init();
    if (!transfer->curl)
        return error_out_of_memory();
    set_options(transfer, settings);
    if (curl_easy_setopt(transfer->curl, CURLOPT_USERAGENT, settings->user_agent) != CURLE_OK ||
        curl_easy_setopt(transfer->curl, CURLOPT_URL, url) != CURLE_OK)
        return error_out_of_memory();
    if (allow_protocols(transfer->curl, url) != CURLE_OK)
        return error_create(ERROR_UNSUPPORTED, url, "this libcurl (%s) lacks http or https",
                            curl_version());
    return NULL;
}

static unsigned asked_wait_seconds(CURL *curl)
{
    curl_off_t seconds = 0;

    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds < 0)
        return 0;
    return seconds < INT_MAX ? (unsigned)seconds : INT_MAX;
}

struct error *transfer_run(const struct fetch_settings *settings, const char *url,
                           transfer_sink *sink, void *context, struct transfer_failure *failure)
{
    CLEANUP(transfer_deinit) struct transfer transfer = {.sink = sink, .context = context};
    long http_status = 0;

    *failure = (struct transfer_failure){0};
    TRY(set_up(&transfer, settings, url));
    CURLcode result = curl_easy_perform(transfer.curl);
    if (transfer.sink_error) {
        struct error *error = transfer.sink_error;
        transfer.sink_error = NULL;
        return error;
    }
    curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &http_status);
    failure->wait_seconds = asked_wait_seconds(transfer.curl);
    return curl_error_translate(result, http_status, url, transfer.detail, &failure->is_transient);
}
