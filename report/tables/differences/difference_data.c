/* SPDX-License-Identifier: MIT */
#include "report/tables/differences/difference_data.h"

#include <stdlib.h>

#include "model/text/json.h"
#include "report/compare/difference_kind.h"
#include "report/tables/differences/difference_table.h"

void difference_data_append_csv(const struct report_context *context, struct buffer *out)
{
    const struct pair_rows rows = {context, NULL, context->survey.pairs};
    const struct table table =
        difference_table(&rows, context->survey.pair_count, DIFFERENCE_COLUMN_GROUP);

    table_append_csv(&table, out);
}

/* The document under construction. A struct is named in many lists, and its name is one value. */
struct json_writer {
    const struct report_context *context;
    struct json_document document;
    json_t **names; /* by definition; NULL until it is named */
};

static void json_writer_deinit(struct json_writer *writer)
{
    size_t count = writer->names ? writer->context->input.history->definition_count : 0;

    for (size_t i = 0; i < count; i++)
        json_decref(writer->names[i]);
    free(writer->names);
    json_document_deinit(&writer->document);
}

static json_t *shared_name(struct json_writer *writer, size_t entry_index)
{
    json_t **name = &writer->names[entry_index];

    if (!*name)
        *name = json_value_text(writer->context->input.history->definitions[entry_index].name);
    return json_incref(*name);
}

/* The names of one kind, by what happened to them. */
static void add_names(struct json_writer *writer, size_t pair, enum definition_kind wanted,
                      json_t *object)
{
    const struct history_definition *definitions = writer->context->input.history->definitions;
    struct json_document *document = &writer->document;
    const struct survey *survey = &writer->context->survey;
    json_t *lists[DIFFERENCE_KIND_COUNT];

    for (size_t kind = 0; kind < DIFFERENCE_KIND_COUNT; kind++)
        lists[kind] = json_value_set_array(document, object, difference_kind_texts[kind].key);
    for (size_t i = 0; i < survey->definition_count; i++) {
        if (definitions[i].kind != wanted)
            continue;
        unsigned word = survey_word_of(survey, i, pair);
        for (size_t kind = 0; difference_kind_any(word) && kind < DIFFERENCE_KIND_COUNT; kind++) {
            if (difference_kind_has(kind, word))
                json_value_add(document, lists[kind], shared_name(writer, i));
        }
    }
}

static void add_pair(struct json_writer *writer, size_t pair_index, json_t *pairs)
{
    struct json_document *document = &writer->document;
    const struct survey_pair *pair = &writer->context->survey.pairs[pair_index];
    const struct pair_rows rows = {writer->context, NULL, pair};
    const struct table counts = difference_table(&rows, 1, DIFFERENCE_COLUMN_COUNTS);

    json_t *object = json_value_add_object(document, pairs);
    json_value_set(document, object, "before",
                   json_value_text(report_kernel_name(writer->context, pair->kernels.before)));
    json_value_set(document, object, "after",
                   json_value_text(report_kernel_name(writer->context, pair->kernels.after)));
    table_set_json_row(&counts, 0, document, json_value_set_object(document, object, "counts"));
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        add_names(writer, pair_index, kind,
                  json_value_set_object(document, object, definition_kind_texts[kind].list_key));
}

static void add_group(struct json_writer *writer, const struct kernel_group *group, json_t *groups)
{
    struct json_document *document = &writer->document;
    const struct survey *survey = &writer->context->survey;

    json_t *object = json_value_add_object(document, groups);
    json_value_set(document, object, "name", json_value_text(group->name));
    json_t *kernels = json_value_set_array(document, object, "kernels");
    for (size_t i = 0; i < group->kernel_count; i++)
        json_value_add(document, kernels,
                       json_value_text(report_kernel_name(writer->context, group->kernels[i])));
    json_t *pairs = json_value_set_array(document, object, "pairs");
    for (size_t i = 0; i < survey->pair_count; i++) {
        if (survey->pairs[i].group == group)
            add_pair(writer, i, pairs);
    }
}

struct error *difference_data_append_json(const struct report_context *context, struct buffer *out)
{
    CLEANUP(json_writer_deinit) struct json_writer writer = {.context = context};
    const struct kernel_groups *all = context->input.groups;

    json_document_init(&writer.document, "kstruct-differences", 1);
    writer.names = calloc(context->input.history->definition_count + 1, sizeof(json_t *));
    if (!writer.names)
        return error_out_of_memory();
    json_t *groups = json_value_set_array(&writer.document, writer.document.root, "groups");
    for (size_t i = 0; i < all->count; i++)
        add_group(&writer, &all->groups[i], groups);
    /* A name has a line of its own, so that two versions can be compared line by line. */
    return json_document_append(&writer.document, 1, out);
}
