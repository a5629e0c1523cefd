/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_json.h"

#include <string.h>

#include "model/text/json.h"
#include "report/write/change_json.h"

enum { FORMAT_VERSION = 2, DECLARATION_MAXIMUM = 16 * 1024 * 1024, INDENTATION = 1 };

struct json_writer {
    struct json_document document;
    struct buffer declaration;
};

static void set_text(struct json_writer *writer, json_t *object, const char *key, const char *text)
{
    json_value_set(&writer->document, object, key, json_value_text(text));
}

static void set_number(struct json_writer *writer, json_t *object, const char *key, uint64_t number)
{
    json_value_set(&writer->document, object, key, json_value_number(number));
}

static void set_side(struct json_writer *writer, json_t *object, const char *key,
                     const struct definition_side *side)
{
    struct json_document *document = &writer->document;
    bool has_file = side->place.file && side->place.file[0] != '\0';

    if (!side->layout) {
        json_value_set(document, object, key, json_null());
        return;
    }
    json_t *value = json_value_set_object(document, object, key);
    json_value_set(
        document, value, "byte_size",
        json_value_number_or_null(layout_has_byte_size(side->layout), side->layout->byte_size));
    json_value_set(document, value, "hole_bits",
                   json_value_number_or_null(side->waste.is_known, side->waste.hole_bits));
    json_value_set(document, value, "padding_bits",
                   json_value_number_or_null(side->waste.is_known, side->waste.padding_bits));
    json_value_set(document, value, "file",
                   has_file ? json_value_text(side->place.file) : json_null());
    json_value_set(document, value, "line",
                   json_value_number_or_null(has_file && side->place.line > 0, side->place.line));
    set_number(writer, value, "further_definitions", side->further_count);
    json_t *modules = json_value_set_array(document, value, "modules");
    for (size_t i = 0; i < side->modules.count; i++)
        json_value_add(document, modules, json_value_text(side->modules.names[i]));
}

static struct error *add_definition(struct json_writer *writer, json_t *list,
                                    const struct definition_change *change,
                                    enum difference_detail detail)
{
    json_t *object = json_value_add_object(&writer->document, list);

    set_text(writer, object, "kind", definition_kind_texts[change->kind].word);
    set_text(writer, object, "name", change->name);
    json_value_set(
        &writer->document, object, "status",
        json_string(
            fate_texts[definition_change_is_in_both(change) ? FATE_CHANGED : change->fate].key));
    set_side(writer, object, "before", &change->before);
    set_side(writer, object, "after", &change->after);
    if (!definition_change_is_in_both(change))
        return NULL;
    change_json_set_kinds(&writer->document, object, change->comparison.kinds);
    json_t *counts = json_value_set_object(&writer->document, object, "member_counts");
    set_number(writer, counts, "added", change->member_counts[FATE_ADDED]);
    set_number(writer, counts, "removed", change->member_counts[FATE_REMOVED]);
    set_number(writer, counts, "changed", change->member_counts[FATE_CHANGED]);
    set_number(writer, counts, "moved", change->member_counts[FATE_ONLY_MOVED]);
    if (detail == DIFFERENCE_LINES)
        return NULL;
    return change_json_set_members(&writer->document, object, "members", &change->comparison,
                                   &writer->declaration);
}

static void set_kernel(struct json_writer *writer, const char *key,
                       const struct kernel_difference *difference, bool is_after)
{
    json_t *kernel = json_value_set_object(&writer->document, writer->document.root, key);

    set_text(writer, kernel, "kernel", is_after ? difference->after_name : difference->before_name);
    json_t *counts = json_value_set_object(&writer->document, kernel, "counts");
    for (size_t kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        set_number(writer, counts, definition_kind_texts[kind].word,
                   is_after ? difference->counts[kind].after : difference->counts[kind].before);
}

static void set_counts(struct json_writer *writer, json_t *object, enum definition_kind kind,
                       const struct kind_counts *counts)
{
    json_t *own =
        json_value_set_object(&writer->document, object, definition_kind_texts[kind].word);

    set_number(writer, own, "added", counts->added);
    set_number(writer, own, "removed", counts->removed);
    set_number(writer, own, "changed", counts->changed);
    set_number(writer, own, "only_places_changed", counts->only_moved);
}

static struct error *build(struct json_writer *writer, const struct kernel_difference *difference,
                           enum difference_detail detail)
{
    struct json_document *document = &writer->document;

    set_kernel(writer, "before", difference, false);
    set_kernel(writer, "after", difference, true);
    json_value_set(document, document->root, "is_selection",
                   json_boolean(difference->is_selection));
    json_t *counts = json_value_set_object(document, document->root, "counts");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        set_counts(writer, counts, kind, &difference->counts[kind]);
    json_t *list = json_value_set_array(document, document->root, "definitions");
    for (size_t i = 0; i < difference->change_count; i++)
        TRY(add_definition(writer, list, &difference->changes[i], detail));
    return NULL;
}

struct error *difference_json_render(const struct kernel_difference *difference,
                                     enum difference_detail detail, struct buffer *out)
{
    struct json_writer writer;

    json_document_init(&writer.document, "kstruct-diff", FORMAT_VERSION);
    buffer_init(&writer.declaration, DECLARATION_MAXIMUM);
    struct error *error = build(&writer, difference, detail);
    if (!error)
        error = json_document_append(&writer.document, INDENTATION, out);
    buffer_deinit(&writer.declaration);
    json_document_deinit(&writer.document);
    return error;
}
