/* SPDX-License-Identifier: MIT */
#include "fetch/launchpad_api.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "fetch/host_health.h"
#include "fetch/retry.h"
#include "fetch/transfer.h"

/* A page of 300 publications has some 500 KB. */
enum { DOCUMENT_MAXIMUM = 16 << 20, URL_MAXIMUM = 16 << 10, SHOWN_LENGTH = 40 };

/* How Launchpad's own documents refer to its API. */
static const char own_name[] = "https://api.launchpad.net/devel/";

static void free_curl_text(char **text)
{
    curl_free(*text);
}

static struct error *append_parameter(struct buffer *url,
                                      const struct launchpad_parameter *parameter)
{
    if (!parameter->value)
        return NULL;
    CLEANUP(free_curl_text) char *value = curl_easy_escape(NULL, parameter->value, 0);
    if (!value)
        return error_out_of_memory();
    buffer_append_format(url, "&%s=%s", parameter->name, value);
    return NULL;
}

struct error *launchpad_api_query(const char *object_url, const char *operation,
                                  const struct launchpad_parameter *parameters, size_t count,
                                  char **url_ret)
{
    CLEANUP(buffer_deinit) struct buffer url;

    buffer_init(&url, URL_MAXIMUM);
    buffer_append_format(&url, "%s?ws.op=%s", object_url, operation);
    for (size_t i = 0; i < count; i++)
        TRY(append_parameter(&url, &parameters[i]));
    TRY(buffer_check(&url, object_url));
    *url_ret = strdup(buffer_text(&url));
    return *url_ret ? NULL : error_out_of_memory();
}

struct error *launchpad_api_link(const struct fetch_settings *settings, const char *url,
                                 const char *link, char **ret)
{
    const char *base = settings->launchpad_api_url;
    size_t base_length = strlen(base);
    size_t own_length = strlen(own_name);

    if (strncmp(link, base, base_length) == 0 && link[base_length] == '/')
        *ret = strdup(link);
    else if (strncmp(link, own_name, own_length) == 0)
        *ret = path_join(base, link + own_length);
    else
        return error_create(ERROR_INCONCLUSIVE, url,
                            "leads to %s, which is not below %s; such a link is not followed", link,
                            base);
    return *ret ? NULL : error_out_of_memory();
}

/* A document that comes in. */
struct document {
    const char *url;
    struct buffer text;
};

static void document_deinit(struct document *document)
{
    buffer_deinit(&document->text);
}

static struct error *begin(void *context, const struct transfer_response *response UNUSED)
{
    struct document *document = context;

    buffer_clear(&document->text);
    return NULL;
}

static struct error *receive(void *context, const void *bytes, size_t length)
{
    struct document *document = context;

    buffer_append(&document->text, bytes, length);
    if (document->text.has_failed && document->text.failure == ERROR_LIMIT)
        return error_create(ERROR_INCONCLUSIVE, document->url,
                            "the server sends more than the %d MiB allowed for an answer",
                            DOCUMENT_MAXIMUM >> 20);
    return buffer_check(&document->text, document->url);
}

static bool is_cancelled(const struct fetch_settings *settings)
{
    return settings->is_cancelled && atomic_load(settings->is_cancelled);
}

static struct error *receive_document(const struct fetch_settings *settings,
                                      struct document *document)
{
    const struct transfer_request request = {
        .url = document->url,
        .is_text = true,
        .begin = begin,
        .receive = receive,
        .context = document,
        .is_cancelled = settings->is_cancelled,
    };

    for (unsigned failed_tries = 1;; failed_tries++) {
        struct transfer_failure failure;
        unsigned milliseconds = 0;

        struct error *error = transfer_run(settings->engine, &request, &failure);
        if (!error)
            host_health_note(settings->host_health, document->url, false);
        if (!error || !failure.is_transient || is_cancelled(settings) ||
            !retry_wait_for_url(settings, document->url, failed_tries, failure.wait_seconds,
                                &milliseconds))
            return error;
        log_write(settings->log, LOG_NOTICE, "%s: %s; next try in %u.%u s", document->url,
                  error->why, milliseconds / 1000, milliseconds % 1000 / 100);
        error_destroy(error);
        retry_sleep(settings, milliseconds);
    }
}

struct error *launchpad_api_get(const struct fetch_settings *settings, const char *url,
                                json_t **ret)
{
    CLEANUP(document_deinit) struct document document = {.url = url};
    json_error_t why;

    buffer_init(&document.text, DOCUMENT_MAXIMUM);
    TRY(receive_document(settings, &document));
    *ret = json_loadb(buffer_text(&document.text), document.text.length, 0, &why);
    if (*ret)
        return NULL;
    if (json_error_code(&why) == json_error_out_of_memory)
        return error_out_of_memory();
    return error_create_at(ERROR_INCONCLUSIVE, url, (uint64_t)why.position,
                           "expected a JSON document: %s; what the server sent begins with "
                           "\"%.*s\"",
                           why.text, SHOWN_LENGTH, buffer_text(&document.text));
}

void launchpad_json_deinit(json_t **document)
{
    json_decref(*document);
}

struct error *launchpad_json_optional_text(const json_t *object, const char *key, const char *url,
                                           const char **ret)
{
    const json_t *value = json_object_get(object, key);

    *ret = json_string_value(value);
    if (*ret || !value || json_is_null(value))
        return NULL;
    return error_create(ERROR_INCONCLUSIVE, url, "expected a text or null as `%s`", key);
}

struct error *launchpad_json_text(const json_t *object, const char *key, const char *url,
                                  const char **ret)
{
    *ret = json_string_value(json_object_get(object, key));
    if (*ret)
        return NULL;
    return error_create(ERROR_INCONCLUSIVE, url, "expected a text as `%s`", key);
}
