/* SPDX-License-Identifier: MIT */
#include "model/text/json.h"
#include "report/find/find_write.h"

static void set_place(struct json_document *document, json_t *object,
                      const struct find_match *match, const struct find_place *place)
{
    json_value_set(document, object, "path", json_value_text(place->path));
    if (place->enumerator) {
        json_value_set(document, object, "value", json_value_enumerator(place->enumerator));
        return;
    }
    bool is_known = layout_has_places(match->layout);
    json_value_set(document, object, "type", json_value_text(place->type));
    json_value_set(document, object, "bit_offset",
                   json_value_number_or_null(is_known, place->member->bit_offset));
    json_value_set(document, object, "byte_offset",
                   json_value_number_or_null(is_known, place->member->bit_offset / BITS_PER_BYTE));
}

static void set_match(struct json_document *document, json_t *object,
                      const struct find_match *match)
{
    const struct layout *layout = match->layout;

    json_value_set(document, object, "kind",
                   json_string(definition_kind_texts[match->entry->kind].word));
    json_value_set(document, object, "name", json_value_text(match->entry->name));
    json_value_set(document, object, "byte_size",
                   json_value_number_or_null(layout_has_byte_size(layout), layout->byte_size));
    json_t *modules = json_value_set_array(document, object, "modules");
    for (size_t i = 0; i < match->modules.count; i++)
        json_value_add(document, modules, json_value_text(match->modules.names[i]));
    json_t *kernels = json_value_set_array(document, object, "kernels");
    for (size_t i = 0; i < match->kernel_count; i++)
        json_value_add(document, kernels, json_value_number(match->kernels[i]));
    json_t *places = json_value_set_array(document, object, "places");
    for (size_t i = 0; i < match->place_count; i++)
        set_place(document, json_value_add_object(document, places), match, &match->places[i]);
}

static struct error *write_json(const struct find_result *result, struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, "kstruct-find", 1);
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < result->kernel_count; i++)
        json_value_add(&document, kernels,
                       json_value_text(result->history->kernel_names[result->kernels[i]]));
    json_t *matches = json_value_set_array(&document, document.root, "definitions");
    for (size_t i = 0; i < result->match_count; i++)
        set_match(&document, json_value_add_object(&document, matches), &result->matches[i]);
    return json_document_append(&document, 1, out);
}

const struct find_format find_format_json = {.word = "json", .write = write_json};
