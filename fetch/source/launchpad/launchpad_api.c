/* SPDX-License-Identifier: MIT */
#include "fetch/source/launchpad/launchpad_api.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/system/file.h"
#include "fetch/http/document.h"

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

static struct error *answer_too_long(const char *url, size_t maximum)
{
    return error_create(ERROR_INCONCLUSIVE, url,
                        "the server sends more than the %zu MiB allowed for an answer",
                        maximum >> 20);
}

struct error *launchpad_api_get(const struct fetch_settings *settings, const char *url,
                                json_t **ret)
{
    CLEANUP(buffer_deinit) struct buffer text;
    json_error_t why;

    buffer_init(&text, DOCUMENT_MAXIMUM);
    TRY(document_fetch(settings, url, true, answer_too_long, &text));
    *ret = json_loadb(buffer_text(&text), text.length, 0, &why);
    if (*ret)
        return NULL;
    if (json_error_code(&why) == json_error_out_of_memory)
        return error_out_of_memory();
    return error_create_at(ERROR_INCONCLUSIVE, url, (uint64_t)why.position,
                           "expected a JSON document: %s; what the server sent begins with "
                           "\"%.*s\"",
                           why.text, SHOWN_LENGTH, buffer_text(&text));
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
