/* SPDX-License-Identifier: MIT */
#include "report/tables/status/status_data.h"

#include "model/text/json.h"
#include "report/compare/status_word.h"
#include "report/pages/page_plan.h"
#include "report/tables/status/status_table.h"
#include "report/write/definition_title.h"

enum { LETTERS_MAXIMUM = 1024 * 1024, NAME_MAXIMUM = 16 * 1024 * 1024 };

static const char *kernel_name(const struct status_pages *pages, size_t column)
{
    return report_kernel_name(pages->context, pages->columns->columns[column].kernel);
}

void status_data_append_csv(const struct status_pages *pages, struct buffer *out)
{
    const struct status_rows rows = {pages, NULL};
    const struct table table =
        status_table_for_programs(&rows, pages->context->input.history->definition_count);

    table_append_csv(&table, out);
}

/* Puts the struct's letters under its name. Names that only differ in what is no UTF-8 would share
 * a key; the later ones get one more U+FFFD. */
static struct error *set_letters(struct json_document *document, json_t *structs, const char *name,
                                 const struct buffer *letters)
{
    CLEANUP(buffer_deinit) struct buffer key;
    json_t *text = json_value_text(name);

    buffer_init(&key, NAME_MAXIMUM);
    buffer_append_text(&key, text ? json_string_value(text) : "");
    json_decref(text);
    while (!key.has_failed && json_object_get(structs, buffer_text(&key)))
        buffer_append_text(&key, "\xef\xbf\xbd");
    TRY(buffer_check(&key, name));
    if (!text)
        return error_out_of_memory();
    json_value_set(document, structs, buffer_text(&key), json_string(buffer_text(letters)));
    return NULL;
}

static struct error *fill_definitions(const struct status_pages *pages,
                                      struct json_document *document)
{
    CLEANUP(buffer_deinit) struct buffer letters;
    CLEANUP(buffer_deinit) struct buffer title;
    const struct history *history = pages->context->input.history;
    json_t *structs = json_value_set_object(document, document->root, "structs");

    buffer_init(&letters, LETTERS_MAXIMUM);
    buffer_init(&title, NAME_MAXIMUM);
    for (size_t i = 0; i < history->definition_count; i++) {
        if (!page_is_wanted(&history->definitions[i], &pages->context->plan))
            continue;
        buffer_clear(&letters);
        for (size_t j = 0; j < pages->columns->count; j++) {
            enum status_word word = status_word_of(pages->context, i, &pages->columns->columns[j]);
            buffer_append_text(&letters, status_texts[word].letter);
        }
        TRY(buffer_check(&letters, "a definition's status"));
        buffer_clear(&title);
        definition_title_append(&title, history->definitions[i].kind, history->definitions[i].name);
        TRY(buffer_check(&title, history->definitions[i].name));
        TRY(set_letters(document, structs, buffer_text(&title), &letters));
    }
    return NULL;
}

static void fill_head(const struct status_pages *pages, struct json_document *document)
{
    json_t *kernels = json_value_set_array(document, document->root, "kernels");

    for (size_t i = 0; i < pages->columns->count; i++)
        json_value_add(document, kernels, json_value_text(kernel_name(pages, i)));
    json_t *words = json_value_set_object(document, document->root, "letters");
    for (size_t i = 0; i < STATUS_COUNT; i++)
        json_value_set(document, words, status_texts[i].letter, json_string(status_texts[i].word));
}

struct error *status_data_append_json(const struct status_pages *pages, struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, "kstruct-status", 1);
    fill_head(pages, &document);
    TRY(fill_definitions(pages, &document));
    /* A struct has a line of its own, so that two versions can be compared line by line. */
    return json_document_append(&document, 1, out);
}
