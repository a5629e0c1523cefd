/* SPDX-License-Identifier: MIT */
#include "run/serving/api/search_answer.h"

#include <stdlib.h>
#include <string.h>

#include "model/text/json.h"
#include "run/serving/pages/search_page.h"

enum { HITS_DEFAULT = 40, HITS_MAXIMUM = 500, ADDRESS_MAXIMUM = 16384 };

static struct error *set_hit(struct json_document *document, json_t *found,
                             const struct catalog *catalog, const struct search_hit *hit)
{
    const struct history_definition *entry = &catalog->names.definitions[hit->definition];
    json_t *row = json_value_add_object(document, found);
    CLEANUP(buffer_deinit) struct buffer address = {0};

    buffer_init(&address, ADDRESS_MAXIMUM);
    search_append_address(&address, catalog, hit);
    TRY(buffer_check(&address, "an address"));
    json_value_set(document, row, "kind", json_value_text(definition_kind_texts[entry->kind].word));
    json_value_set(document, row, "name", json_value_text(entry->name));
    json_value_set(document, row, "path", hit->path[0] ? json_value_text(hit->path) : json_null());
    json_value_set(document, row, "address", json_value_text(buffer_text(&address)));
    return NULL;
}

static struct error *set_hits(const struct question *question, const char *text,
                              const struct search_hits *hits, struct buffer *out)
{
    struct json_document document;
    struct error *error = NULL;

    json_document_init(&document, "kstruct-search", 1);
    json_value_set(&document, document.root, "text", json_value_text(text));
    json_t *found = json_value_set_array(&document, document.root, "found");
    for (size_t i = 0; i < hits->count && !error; i++)
        error = set_hit(&document, found, question->catalog, &hits->hits[i]);
    if (!error)
        error = json_document_append(&document, 0, out);
    json_document_deinit(&document);
    return error;
}

static struct error *read_maximum(const struct question *question, size_t *maximum_ret)
{
    const char *text = http_request_parameter(question->request, "limit");
    char *end = NULL;

    *maximum_ret = HITS_DEFAULT;
    if (!text)
        return NULL;
    unsigned long number = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (number < 1 || number > HITS_MAXIMUM || *end != '\0')
        return error_create(ERROR_USAGE, NULL, "`limit` is a number from 1 to %d", HITS_MAXIMUM);
    *maximum_ret = number;
    return NULL;
}

static struct error *check_parameters(const struct question *question)
{
    const struct http_request *request = question->request;

    for (size_t i = 0; i < request->parameter_count; i++) {
        const char *name = request->parameters[i].name;
        bool is_known = strcmp(name, "q") == 0 || strcmp(name, "limit") == 0;
        TRY(question_check_parameter(question, i, is_known, false));
    }
    return NULL;
}

struct error *search_answer(const struct question *question, struct http_answer *answer)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct search_hits hits;
    const char *text;
    size_t maximum;

    arena_init(&arena);
    TRY(check_parameters(question));
    TRY(question_parameter(question, "q", &text));
    TRY(read_maximum(question, &maximum));
    TRY(search_table_find(question->catalog->search, text, maximum, &arena, &hits));
    answer->type = http_type_json;
    return set_hits(question, text, &hits, &answer->contents);
}
