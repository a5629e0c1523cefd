/* SPDX-License-Identifier: MIT */
/* An answer as it is sent, to one or many: never changed once it is made. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_BODY_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_BODY_H

#include <stdatomic.h>

#include "run/serving/http/http_message.h"

enum { HTTP_TAG_BYTES = 40 };

struct http_body {
    atomic_uint holders;
    enum http_status status;
    const char *type;
    const char *allow;
    char *location;
    bool is_compressed;       /* by gzip */
    char tag[HTTP_TAG_BYTES]; /* a strong validator, with its quotes: RFC 9110, 8.8.3 */
    size_t length;
    char *bytes;
};

/* Takes what ANSWER has, which is empty then; COMPRESS if whoever asks takes gzip, and it is worth
 * it. Give it back with http_body_release(). */
struct error *http_body_make(struct http_answer *answer, bool compress,
                             struct http_body **body_ret) MUST_CHECK;

struct http_body *http_body_hold(struct http_body *body);

/* NULL-safe. */
void http_body_release(struct http_body *body);

/* Does If-None-Match's value name the body? */
bool http_body_is_tagged(const struct http_body *body, const char *tags);

#endif
