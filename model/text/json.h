/* SPDX-License-Identifier: MIT */
/*
 * What all JSON documents of a report have in common. Every document is an object whose first keys
 * are "format", a name such as "kstruct-struct", and "version", a number that is raised when a
 * reader of the last version could misread it; new keys may come without. The forms are described
 * in report/schemas/.
 *
 * jansson's calls that take a new reference fail harmlessly when given NULL, so documents are built
 * without looking at each result: json_value_set() and json_value_add() remember a failure.
 */
#ifndef KSTRUCT_MODEL_TEXT_JSON_H
#define KSTRUCT_MODEL_TEXT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/layout.h"

/* A document under construction. */
struct json_document {
    json_t *root;
    bool has_failed; /* for lack of memory */
};

/* Begins a document of that form. Free with json_document_deinit(). */
void json_document_init(struct json_document *document, const char *format, int version);
void json_document_deinit(struct json_document *document);

/* Puts VALUE, which it takes over, under KEY of OBJECT, or at the end of ARRAY. */
void json_value_set(struct json_document *document, json_t *object, const char *key, json_t *value);
void json_value_add(struct json_document *document, json_t *array, json_t *value);

/* The same with an object or array that is made, and lives as long as the document. NULL only when
 * there is no memory; it may be handed on to these functions. */
json_t *json_value_set_object(struct json_document *document, json_t *object, const char *key);
json_t *json_value_set_array(struct json_document *document, json_t *object, const char *key);
json_t *json_value_add_object(struct json_document *document, json_t *array);

/* A text; bytes that are no UTF-8 become U+FFFD. */
json_t *json_value_text(const char *text);

/* A number; JSON's integers here are signed, so what is above INT64_MAX is told as that. */
json_t *json_value_number(uint64_t number);

/* The same; null where it is not known. */
json_t *json_value_number_or_null(bool is_known, uint64_t number);

/* An enumerator's value; what is above INT64_MAX is a text. */
json_t *json_value_enumerator(const struct enumerator *enumerator);

/* Appends VALUE alone, in one line and without the line's end: for documents that are too large to
 * be kept as a whole. DOCUMENT is what remembers whether making it failed. */
struct error *json_value_append(const struct json_document *document, const json_t *value,
                                struct buffer *out) MUST_CHECK;

/* Appends the document and a line's end to OUT: INDENT spaces for each level, or 0 for all in one
 * line. */
struct error *json_document_append(const struct json_document *document, size_t indent,
                                   struct buffer *out) MUST_CHECK;

#endif
