/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/text/json.h"

enum { CONTENTS_MAXIMUM = 256 * 1024 * 1024 };

const char http_type_html[] = "text/html; charset=utf-8";
const char http_type_json[] = "application/json";
const char http_type_text[] = "text/plain; charset=utf-8";

const char *http_request_parameter(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (strcmp(request->parameters[i].name, name) == 0)
            return request->parameters[i].value;
    }
    return NULL;
}

void http_answer_init(struct http_answer *answer)
{
    *answer = (struct http_answer){.status = HTTP_OK, .type = http_type_html};
    buffer_init(&answer->contents, CONTENTS_MAXIMUM);
}

void http_answer_deinit(struct http_answer *answer)
{
    buffer_deinit(&answer->contents);
    free(answer->location);
    answer->location = NULL;
}

/* As report/schemas/error.schema.json says. */
static struct error *append_failure(struct buffer *out, enum http_status status,
                                    const char *message)
{
    struct json_document document;

    json_document_init(&document, "kstruct-error", 1);
    json_value_set(&document, document.root, "status", json_value_number(status));
    json_value_set(&document, document.root, "message", json_value_text(message));
    struct error *error = json_document_append(&document, 0, out);
    json_document_deinit(&document);
    return error;
}

void http_answer_fail(struct http_answer *answer, enum http_status status, const char *format, ...)
{
    va_list arguments;
    char *message = NULL;

    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        message = NULL;
    va_end(arguments);
    answer->status = status;
    answer->type = http_type_json;
    answer->is_kept = false;
    buffer_clear(&answer->contents);
    struct error *error =
        append_failure(&answer->contents, status, message ? message : "no memory");
    /* Without memory the status alone has to do. */
    error_destroy(error);
    free(message);
}

enum http_status http_status_of(enum error_code code)
{
    switch (code) {
    case ERROR_NOT_FOUND: return HTTP_NOT_FOUND;
    case ERROR_USAGE: return HTTP_BAD_REQUEST;
    case ERROR_OUT_OF_MEMORY:
    case ERROR_SYSTEM:
    case ERROR_DATASET:
    case ERROR_INTERRUPTED: return HTTP_UNAVAILABLE;
    case ERROR_LIMIT: return HTTP_TIMEOUT;
    default: return HTTP_INTERNAL_ERROR;
    }
}
