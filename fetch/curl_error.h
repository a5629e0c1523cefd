/* SPDX-License-Identifier: MIT */
/* The one place where libcurl's results and HTTP's status codes become errors. */
#ifndef KSTRUCT_FETCH_CURL_ERROR_H
#define KSTRUCT_FETCH_CURL_ERROR_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"

/* The error for a transfer from URL that ended with RESULT, or NULL if it succeeded. HTTP_STATUS:
 * of the last response, 0 if there was none. DETAIL: libcurl's own words, may be empty.
 * *is_transient_ret: the same transfer may succeed in a moment. */
struct error *curl_error_translate(CURLcode result, long http_status, const char *url,
                                   const char *detail, bool *is_transient_ret) MUST_CHECK;

#endif
