/* SPDX-License-Identifier: MIT */
#include "model/text/json.h"

#include <inttypes.h>

#include <string.h>

#include "base/text/utf8.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

void json_document_init(struct json_document *document, const char *format, int version)
{
    *document = (struct json_document){.root = json_object()};
    json_value_set(document, document->root, "format", json_string(format));
    json_value_set(document, document->root, "version", json_integer(version));
}

void json_document_deinit(struct json_document *document)
{
    json_decref(document->root);
    *document = (struct json_document){0};
}

void json_value_set(struct json_document *document, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        document->has_failed = true;
}

void json_value_add(struct json_document *document, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        document->has_failed = true;
}

json_t *json_value_set_object(struct json_document *document, json_t *object, const char *key)
{
    json_t *value = json_object();

    json_value_set(document, object, key, value);
    return document->has_failed ? NULL : value;
}

json_t *json_value_set_array(struct json_document *document, json_t *object, const char *key)
{
    json_t *value = json_array();

    json_value_set(document, object, key, value);
    return document->has_failed ? NULL : value;
}

json_t *json_value_add_object(struct json_document *document, json_t *array)
{
    json_t *value = json_object();

    json_value_add(document, array, value);
    return document->has_failed ? NULL : value;
}

static json_t *repaired_text(const char *text)
{
    CLEANUP(buffer_deinit) struct buffer repaired;
    const unsigned char *rest = (const unsigned char *)text;

    buffer_init(&repaired, strlen(text) * strlen(REPLACEMENT_CHARACTER));
    for (size_t left = strlen(text); left > 0;) {
        size_t length = utf8_character_length(rest, left);
        if (length > 0) {
            buffer_append(&repaired, rest, length);
        } else {
            buffer_append_text(&repaired, REPLACEMENT_CHARACTER);
            length = 1;
        }
        rest += length;
        left -= length;
    }
    return repaired.has_failed ? NULL : json_string(buffer_text(&repaired));
}

json_t *json_value_text(const char *text)
{
    json_t *value = json_string(text);

    return value ? value : repaired_text(text);
}

json_t *json_value_number(uint64_t number)
{
    return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

json_t *json_value_enumerator(const struct enumerator *enumerator)
{
    if (enumerator->is_unsigned)
        return json_sprintf("%" PRIu64, (uint64_t)enumerator->value);
    return json_integer(enumerator->value);
}

json_t *json_value_number_or_null(bool is_known, uint64_t number)
{
    return is_known ? json_value_number(number) : json_null();
}

static int append_bytes(const char *bytes, size_t length, void *context)
{
    struct buffer *out = context;

    buffer_append(out, bytes, length);
    return out->has_failed ? -1 : 0;
}

static struct error *dump(const struct json_document *document, const json_t *value, size_t flags,
                          struct buffer *out)
{
    if (document->has_failed)
        return error_out_of_memory();
    if (json_dump_callback(value, append_bytes, out, flags) != 0 && !out->has_failed)
        return error_out_of_memory();
    return NULL;
}

struct error *json_value_append(const struct json_document *document, const json_t *value,
                                struct buffer *out)
{
    TRY(dump(document, value, JSON_ENCODE_ANY, out));
    return buffer_check(out, "a JSON value");
}

struct error *json_document_append(const struct json_document *document, size_t indent,
                                   struct buffer *out)
{
    TRY(dump(document, document->root, JSON_INDENT(indent), out));
    buffer_append_char(out, '\n');
    return buffer_check(out, "a JSON document");
}
