/* SPDX-License-Identifier: MIT */
/* What a response's headers say of its body: RFC 9110, sections 8.8 (validators) and 14.4
 * (Content-Range). */
#ifndef KSTRUCT_FETCH_HTTP_RESPONSE_HEADERS_H
#define KSTRUCT_FETCH_HTTP_RESPONSE_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VALIDATOR_LENGTH_MAXIMUM = 255 };

struct response_headers {
    char entity_tag[VALIDATOR_LENGTH_MAXIMUM + 1];    /* with its quotes; "" if absent or weak */
    char last_modified[VALIDATOR_LENGTH_MAXIMUM + 1]; /* "" if absent */
    bool has_range;                                   /* a Content-Range that could be read */
    uint64_t range_first;
    uint64_t range_total; /* UINT64_MAX if not told */
};

/* Takes one line as it comes, with its end. A status line, of a redirect's target for one, makes
 * all that was before void. */
void response_headers_add(struct response_headers *headers, const char *line, size_t length);

/* The strong entity tag, else the time of the last change, else "". */
const char *response_headers_validator(const struct response_headers *headers);

#endif
