/* SPDX-License-Identifier: MIT */
#include "fetch/http/curl_error.h"

#include <string.h>

static bool is_transient_status(long http_status)
{
    return http_status == 408 || http_status == 429 || (http_status >= 500 && http_status <= 599);
}

static struct error *translate_status(long http_status, const char *url, bool *is_transient_ret)
{
    *is_transient_ret = is_transient_status(http_status);
    if (http_status == 404 || http_status == 410)
        return error_create(ERROR_NOT_FOUND, url, "the server has no such file (HTTP status %ld)",
                            http_status);
    if (http_status == 401 || http_status == 403)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the server refuses to give the file (HTTP status %ld): check whether "
                            "the URL needs a login",
                            http_status);
    if (*is_transient_ret)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the server cannot answer now (HTTP status %ld): try again later",
                            http_status);
    return error_create(ERROR_INCONCLUSIVE, url, "the server answered with HTTP status %ld",
                        http_status);
}

/* What the proxy, not the server, has answered to the wish for a connection through it. */
static struct error *translate_proxy_status(long http_status, const char *url,
                                            bool *is_transient_ret)
{
    *is_transient_ret = is_transient_status(http_status);
    if (http_status == 407)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the proxy wants a login (HTTP status 407): write user and password "
                            "into https_proxy, as kstruct(1) says");
    if (*is_transient_ret)
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the proxy cannot connect to the server now (HTTP status %ld): try "
                            "again later",
                            http_status);
    return error_create(ERROR_INCONCLUSIVE, url,
                        "the proxy refuses to connect to the server (HTTP status %ld): ask who "
                        "runs it, or name the server in no_proxy",
                        http_status);
}

/* Older libcurl calls it an answer of HTTP/0.9, newer an invalid status line. */
static struct error *not_http(const char *url, const char *text)
{
    return error_create(ERROR_INCONCLUSIVE, url, "the server's answer is not HTTP: %s", text);
}

/* libcurl repeats a proxy's address that it cannot read, with the password in it. */
static bool is_about_proxy_address(const char *detail)
{
    return strstr(detail, "proxy scheme") || strstr(detail, "proxy syntax");
}

static bool is_transient_result(CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return true;
    default: return false;
    }
}

struct error *curl_error_translate(CURLcode result, const struct curl_outcome *outcome,
                                   const char *url, bool *is_transient_ret)
{
    const char *detail = outcome->detail;
    const char *text = detail[0] ? detail : curl_easy_strerror(result);
    long http_status = outcome->http_status;

    if (http_status == 0 && outcome->proxy_status >= 300 && result != CURLE_OK)
        return translate_proxy_status(outcome->proxy_status, url, is_transient_ret);
    *is_transient_ret = is_transient_result(result);
    if (result != CURLE_OK && is_about_proxy_address(detail)) {
        *is_transient_ret = false;
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the proxy's address cannot be understood: see how http_proxy, "
                            "https_proxy or all_proxy is written");
    }
    switch (result) {
    case CURLE_OK:
        /* Anything but 200 is no file in its whole length. */
        if (http_status == 200)
            return NULL;
        return translate_status(http_status, url, is_transient_ret);
    case CURLE_HTTP_RETURNED_ERROR: return translate_status(http_status, url, is_transient_ret);
    case CURLE_OUT_OF_MEMORY: return error_out_of_memory();
    case CURLE_UNSUPPORTED_PROTOCOL:
        /* What an answer before, on the same connection, had too much looks so too. */
        *is_transient_ret = strstr(detail, "HTTP/0.9") != NULL;
        if (*is_transient_ret)
            return not_http(url, text);
        return error_create(ERROR_INCONCLUSIVE, url,
                            "leads to a protocol that is not allowed here: %s", text);
    case CURLE_WEIRD_SERVER_REPLY: return not_http(url, text);
    case CURLE_TOO_MANY_REDIRECTS:
        return error_create(ERROR_INCONCLUSIVE, url, "is redirected too often: %s", text);
    case CURLE_PARTIAL_FILE:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the connection ended before the file did: %s; try again later", text);
    case CURLE_PEER_FAILED_VERIFICATION:
        return error_create(ERROR_INCONCLUSIVE, url,
                            "the server cannot prove who it is: %s; check this machine's clock and "
                            "its ca-certificates",
                            text);
    default: return error_create(ERROR_INCONCLUSIVE, url, "cannot be fetched: %s", text);
    }
}
