/* SPDX-License-Identifier: MIT */
/* What is asked over HTTP, and what is answered: RFC 9110. Knows nothing of connections. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_MESSAGE_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

enum http_method { HTTP_GET, HTTP_POST }; /* HEAD is GET without the contents */

enum http_status {
    HTTP_OK = 200,
    HTTP_FOUND = 302,
    HTTP_NOT_MODIFIED = 304,
    HTTP_BAD_REQUEST = 400,
    HTTP_NOT_FOUND = 404,
    HTTP_METHOD_NOT_ALLOWED = 405,
    HTTP_CONTENT_TOO_LARGE = 413,
    HTTP_INTERNAL_ERROR = 500,
    HTTP_UNAVAILABLE = 503, /* for now: try again */
    HTTP_TIMEOUT = 504,
};

struct http_parameter {
    const char *name;
    const char *value; /* "" if it has none */
};

enum { HTTP_PARAMETERS_MAXIMUM = 64 };

struct http_request {
    enum http_method method;
    const char *path; /* without escapes; begins with a slash */
    size_t parameter_count;
    struct http_parameter parameters[HTTP_PARAMETERS_MAXIMUM]; /* in their order, no escapes */
    const char *contents;                                      /* of POST */
    size_t content_length;
};

/* The value of the first parameter of that name, or NULL. */
const char *http_request_parameter(const struct http_request *request, const char *name);

struct http_answer {
    enum http_status status;
    const char *type;  /* of the contents; static */
    const char *allow; /* with HTTP_METHOD_NOT_ALLOWED: the methods that are; static */
    char *location;    /* with HTTP_FOUND: where to; owned */
    bool is_kept;      /* whoever asks the same may get the same, until all is forgotten */
    struct buffer contents;
};

void http_answer_init(struct http_answer *answer);
void http_answer_deinit(struct http_answer *answer);

extern const char http_type_html[];
extern const char http_type_json[];
extern const char http_type_text[];

/* Makes it a document that says what is wrong: report/schemas/error.schema.json. What was there is
 * gone. */
void http_answer_fail(struct http_answer *answer, enum http_status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The status that tells of such an error. Of an error's texts, only WHY is for who asks: where on
 * this machine it happened is nobody's business. */
enum http_status http_status_of(enum error_code code);

#endif
