/* SPDX-License-Identifier: MIT */
#include "report/tables/coverage/coverage_tables.h"

#include "report/tables/coverage/coverage_page.h"
#include "report/write/csv.h"
#include "report/write/json.h"

#define FORMAT "kstruct-coverage"

enum { FORMAT_VERSION = 1, INDENT = 1, FILE_MAXIMUM = 512 * 1024 * 1024 };

/* The columns of both tables that are texts. */
#define COVERAGE_TEXTS(X)                                                                          \
    X(reason)                                                                                      \
    X(version)                                                                                     \
    X(abi)                                                                                         \
    X(flavor)                                                                                      \
    X(architecture)                                                                                \
    X(package)                                                                                     \
    X(package_version)                                                                             \
    X(url)                                                                                         \
    X(sha256)                                                                                      \
    X(build_id)                                                                                    \
    X(release)                                                                                     \
    X(compiler)                                                                                    \
    X(dwarf_versions)                                                                              \
    X(read_on)                                                                                     \
    X(digest)                                                                                      \
    X(passed_over)

static const char *const text_keys[] = {
#define X(key) #key,
    COVERAGE_TEXTS(X)
#undef X
};

struct coverage_texts {
    const char *texts[ARRAY_LENGTH(text_keys)]; /* "" where nothing is known */
};

static struct coverage_texts texts_of(const struct coverage_kernel *kernel)
{
    return (struct coverage_texts){{
#define X(key) kernel->key,
        COVERAGE_TEXTS(X)
#undef X
    }};
}

static bool is_in_report(const struct coverage_kernel *kernel)
{
    return kernel->report_index != COVERAGE_NOT_IN_REPORT;
}

static void append_csv(const struct coverage *coverage, struct buffer *csv)
{
    buffer_append_text(csv, "kernel,state,baseline,in_report,structs");
    for (size_t i = 0; i < ARRAY_LENGTH(text_keys); i++)
        csv_append_text(csv, text_keys[i]);
    csv_end_line(csv);
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        const struct coverage_texts texts = texts_of(kernel);
        csv_append_text(csv, kernel->name);
        csv_append_text(csv, coverage_state_text(kernel->state));
        csv_append_text(csv, kernel->is_baseline ? "yes" : "no");
        csv_append_text(csv, is_in_report(kernel) ? "yes" : "no");
        if (kernel->state == COVERAGE_ANALYZED)
            csv_append_number(csv, kernel->struct_count);
        else
            csv_append_text(csv, "");
        for (size_t j = 0; j < ARRAY_LENGTH(text_keys); j++)
            csv_append_text(csv, texts.texts[j]);
        csv_end_line(csv);
    }
}

/* What is not known is null: every kernel has every key. */
static struct error *append_json(const struct coverage *coverage, struct buffer *json)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, FORMAT, FORMAT_VERSION);
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        const struct coverage_texts texts = texts_of(kernel);
        json_t *object = json_value_add_object(&document, kernels);
        json_value_set(&document, object, "kernel", json_value_text(kernel->name));
        json_value_set(&document, object, "state",
                       json_value_text(coverage_state_text(kernel->state)));
        json_value_set(&document, object, "baseline", json_boolean(kernel->is_baseline));
        json_value_set(&document, object, "in_report", json_boolean(is_in_report(kernel)));
        json_value_set(&document, object, "structs",
                       kernel->state == COVERAGE_ANALYZED ? json_value_number(kernel->struct_count)
                                                          : json_null());
        for (size_t j = 0; j < ARRAY_LENGTH(text_keys); j++)
            json_value_set(&document, object, text_keys[j],
                           texts.texts[j][0] ? json_value_text(texts.texts[j]) : json_null());
    }
    return json_document_append(&document, INDENT, json);
}

struct error *coverage_tables_write(const struct report_context *context,
                                    struct table_output *output)
{
    const struct coverage *coverage = context->input.coverage;
    CLEANUP(buffer_deinit) struct buffer content;

    buffer_init(&content, FILE_MAXIMUM);
    coverage_page_append(coverage, &content);
    TRY(table_output_put(output, TABLE_TOP, "Coverage.md", &content));
    buffer_clear(&content);
    append_csv(coverage, &content);
    TRY(table_output_put(output, TABLE_DATA, "coverage.csv", &content));
    buffer_clear(&content);
    TRY(append_json(coverage, &content));
    return table_output_put(output, TABLE_DATA, "coverage.json", &content);
}
