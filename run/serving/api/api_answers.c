/* SPDX-License-Identifier: MIT */
/* The JSON interface, as openapi.json describes it, and what is for machines besides. */
#include <string.h>

#include "model/text/json.h"
#include "report/pages/definition_json.h"
#include "run/serving/api/api_documents.h"
#include "run/serving/api/program_answers.h"
#include "run/serving/api/search_answer.h"
#include "run/serving/pages/view.h"
#include "run/serving/question.h"

static void set_kernel(struct json_document *document, json_t *kernels,
                       const struct coverage_kernel *kernel)
{
    json_t *row = json_value_add_object(document, kernels);
    const struct {
        const char *key;
        const char *text;
    } texts[] = {
        {"name", kernel->name},
        {"version", kernel->version},
        {"abi", kernel->abi},
        {"flavor", kernel->flavor},
        {"architecture", kernel->architecture},
        {"release", kernel->release},
        {"build_id", kernel->build_id},
        {"compiler", kernel->compiler},
        {"dwarf_versions", kernel->dwarf_versions},
        {"package", kernel->package},
        {"package_version", kernel->package_version},
        {"read_on", kernel->read_on},
        {"digest", kernel->digest},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        json_value_set(document, row, texts[i].key,
                       texts[i].text[0] ? json_value_text(texts[i].text) : json_null());
    json_value_set(document, row, "is_baseline", json_boolean(kernel->is_baseline));
    json_value_set(document, row, "modules",
                   json_value_number_or_null(kernel->are_modules_known, kernel->module_count));
}

static struct error *answer_kernels(const struct question *question, struct http_answer *answer)
{
    const struct catalog *catalog = question->catalog;
    struct json_document document;

    json_document_init(&document, "kstruct-kernels", 1);
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < catalog->selection.count; i++) {
        const struct coverage_kernel *kernel = coverage_of(&catalog->coverage.coverage, i);
        if (kernel)
            set_kernel(&document, kernels, kernel);
    }
    answer->type = http_type_json;
    struct error *error = json_document_append(&document, 1, &answer->contents);
    json_document_deinit(&document);
    return error;
}

/* KIND/NAME */
static struct error *answer_definition(const struct question *question, struct http_answer *answer)
{
    CLEANUP(buffer_deinit) struct buffer word = {0};
    const char *name = strchr(question->rest, '/');
    enum definition_kind kind;

    if (!name || name[1] == '\0')
        return question_unknown(question);
    buffer_init(&word, C_NAME_MAXIMUM);
    buffer_append(&word, question->rest, (size_t)(name - question->rest));
    if (!definition_kind_from_word(buffer_text(&word), false, &kind))
        return error_create(ERROR_NOT_FOUND, NULL, "there is no kind `%s`", buffer_text(&word));
    const struct history_definition *entry =
        history_find(&question->catalog->names, kind, name + 1);
    if (!entry)
        return error_create(ERROR_NOT_FOUND, NULL, "no kernel has %s %s",
                            definition_kind_texts[kind].singular, name + 1);
    answer->type = http_type_json;
    return view_render_definition(question->catalog, &question->service->datasets, entry,
                                  definition_json_render, &answer->contents);
}

static struct error *answer_document(const struct question *question, struct http_answer *answer)
{
    const struct api_document *document = api_document_find(question->rest);

    if (!document)
        return question_unknown(question);
    answer->type = http_type_json;
    buffer_append(&answer->contents, document->bytes, (size_t)(document->end - document->bytes));
    return NULL;
}

/* Says that a worker answers and the data set can be read. */
static struct error *answer_health(const struct question *question, struct http_answer *answer)
{
    struct pooled_dataset dataset;

    TRY(dataset_pool_take(&question->service->datasets, &dataset));
    dataset_pool_give(&question->service->datasets, &dataset);
    answer->type = http_type_text;
    buffer_append_text(&answer->contents, "ok\n");
    return NULL;
}

static struct error *answer_metrics(const struct question *question, struct http_answer *answer)
{
    const struct catalog *catalog = question->catalog;

    /* https://prometheus.io/docs/instrumenting/exposition_formats/, "Basic info" */
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
    http_counters_append(&question->service->counters, &answer->contents);
    http_counter_append(&answer->contents, "kstruct_kernels", "gauge", "Kernels that are served.",
                        catalog->selection.count);
    http_counter_append(&answer->contents, "kstruct_definitions", "gauge",
                        "Definitions that are served.", catalog->names.definition_count);
    return NULL;
}

const struct route api_routes[] = {
    {"/api/v2/kernels", HTTP_LIGHT, false, false, true, answer_kernels},
    {"/api/v2/definition/", HTTP_LIGHT, false, false, true, answer_definition},
    {"/api/v2/search", HTTP_LIGHT, false, true, true, search_answer},
    {"/api/v2/offsets", HTTP_LIGHT, false, true, true, program_answer_offsets},
    {"/api/v2/diff", HTTP_HEAVY, false, true, true, program_answer_diff},
    {"/api/v2/find", HTTP_HEAVY, false, true, true, program_answer_find},
    {"/api/v2/check", HTTP_HEAVY, true, true, false, program_answer_check},
    {"/api/v2/", HTTP_LIGHT, false, false, true, answer_document},
    {"/health", HTTP_LIGHT, false, false, false, answer_health},
    {"/metrics", HTTP_LIGHT, false, false, false, answer_metrics},
    {0},
};
