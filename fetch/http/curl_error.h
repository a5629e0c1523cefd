/* SPDX-License-Identifier: MIT */
/* The one place where libcurl's results and HTTP's status codes become errors. */
#ifndef KSTRUCT_FETCH_HTTP_CURL_ERROR_H
#define KSTRUCT_FETCH_HTTP_CURL_ERROR_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"

/* How a transfer has ended, beside libcurl's result. */
struct curl_outcome {
    long http_status;   /* of the server's last response; 0 if there was none */
    long proxy_status;  /* of a proxy's to the wish for a connection; 0 if there was none */
    const char *detail; /* libcurl's own words; may be empty */
};

/* The error for a transfer from URL that ended with RESULT, or NULL if it succeeded.
 * *is_transient_ret: the same transfer may succeed in a moment. */
struct error *curl_error_translate(CURLcode result, const struct curl_outcome *outcome,
                                   const char *url, bool *is_transient_ret) MUST_CHECK;

#endif
