/* SPDX-License-Identifier: MIT */
#include "report/pages/definition_json.h"

#include "model/text/json.h"
#include "report/pages/definition_view.h"
#include "report/pages/json_layout.h"
#include "report/write/change_json.h"

#define FORMAT_NAME "kstruct-struct"

/* A type's text has its own, smaller limit; in C's notation it is not twice as long. */
enum { FORMAT_VERSION = 2, TEXT_MAXIMUM = TYPE_TEXT_MAXIMUM * 2 };

struct document_writer {
    struct json_document document;
    struct definition_view view;
    struct buffer text;
};

static void document_writer_deinit(struct document_writer *writer)
{
    buffer_deinit(&writer->text);
    json_document_deinit(&writer->document);
}

static void set_place(struct document_writer *writer, json_t *object,
                      const struct history_place *place)
{
    struct json_document *document = &writer->document;
    bool has_file = place && place->file && place->file[0];

    json_value_set(document, object, "declaration_file",
                   has_file ? json_value_text(place->file) : json_null());
    json_value_set(document, object, "declaration_line",
                   has_file && place->line > 0 ? json_value_number(place->line) : json_null());
}

/* The modules whose it is; of none it is vmlinux's. */
static void set_modules(struct document_writer *writer, json_t *object,
                        const struct history_modules *modules)
{
    json_t *list = json_value_set_array(&writer->document, object, "modules");

    for (size_t i = 0; i < modules->count; i++)
        json_value_add(&writer->document, list, json_value_text(modules->names[i]));
}

static void add_kernels(struct document_writer *writer)
{
    struct json_document *document = &writer->document;
    const struct history_definition *entry = writer->view.entry;
    json_t *kernels = json_value_set_array(document, document->root, "kernels");

    for (size_t i = 0; i < writer->view.layouts.kernel_count; i++) {
        size_t kernel = writer->view.layouts.kernels[i];
        size_t layout = writer->view.layouts.of_kernels[kernel];
        json_t *object = json_value_add_object(document, kernels);
        bool is_present = layout != DISTINCT_LAYOUT_NONE;
        const struct history_modules modules = history_modules_of(writer->view.entry, kernel);
        json_value_set(document, object, "name",
                       json_value_text(writer->view.history->kernel_names[kernel]));
        json_value_set(document, object, "is_present", json_boolean(is_present));
        json_value_set(document, object, "layout",
                       is_present ? json_value_number(layout) : json_null());
        set_place(writer, object, is_present && entry->places ? &entry->places[kernel] : NULL);
        set_modules(writer, object, &modules);
        json_value_set(document, object, "has_modules",
                       json_boolean(!history_lacks_modules(writer->view.history, kernel)));
    }
}

static void add_layout_kernels(struct document_writer *writer, json_t *object, size_t layout)
{
    json_t *kernels = json_value_set_array(&writer->document, object, "kernels");

    for (size_t i = 0; i < writer->view.layouts.kernel_count; i++) {
        size_t kernel = writer->view.layouts.kernels[i];
        if (writer->view.layouts.of_kernels[kernel] == layout)
            json_value_add(&writer->document, kernels,
                           json_value_text(writer->view.history->kernel_names[kernel]));
    }
}

static struct error *add_layouts(struct document_writer *writer)
{
    struct json_document *document = &writer->document;
    json_t *layouts = json_value_set_array(document, document->root, "layouts");

    for (size_t i = 0; i < writer->view.layouts.count; i++) {
        json_t *object = json_value_add_object(document, layouts);
        add_layout_kernels(writer, object, i);
        TRY(json_layout_set(document, object, writer->view.layouts.layouts[i], writer->view.arena,
                            &writer->text));
    }
    return NULL;
}

static void add_further(struct document_writer *writer)
{
    struct json_document *document = &writer->document;
    json_t *list = json_value_set_array(document, document->root, "further_definitions");

    for (size_t i = 0; i < writer->view.entry->further_count; i++) {
        const struct history_further *further = &writer->view.entry->further[i];
        json_t *object = json_value_add_object(document, list);
        json_value_set(document, object, "kernel",
                       json_value_text(writer->view.history->kernel_names[further->kernel]));
        json_value_set(document, object, "layout",
                       json_value_number(writer->view.layouts.of_further[i]));
        set_place(writer, object, &further->place);
        set_modules(writer, object, &further->modules);
        json_t *users = json_value_set_array(document, object, "used_by");
        for (size_t j = 0; j < further->user_count; j++)
            json_value_add(document, users, json_value_text(further->users[j]));
    }
}

/* NULL where absent. */
static void set_side(struct document_writer *writer, json_t *object, const char *name_key,
                     const char *size_key, size_t kernel)
{
    const struct layout *layout = writer->view.entry->layouts[kernel];

    json_value_set(&writer->document, object, name_key,
                   json_value_text(writer->view.history->kernel_names[kernel]));
    json_value_set(&writer->document, object, size_key,
                   json_value_number_or_null(layout && layout_has_byte_size(layout),
                                             layout ? layout->byte_size : 0));
}

static const char *state_of(unsigned word)
{
    switch (word) {
    case SURVEY_ABSENT: return "absent";
    case SURVEY_ADDED: return "added";
    case SURVEY_REMOVED: return "removed";
    case 0: return "unchanged";
    default: return "changed";
    }
}

static struct error *set_pair(struct document_writer *writer, json_t *object,
                              const struct kernel_pair *pair, unsigned word)
{
    struct json_document *document = &writer->document;
    const struct layout *before = writer->view.entry->layouts[pair->before];
    const struct layout *after = writer->view.entry->layouts[pair->after];
    const struct comparison_scopes scopes =
        comparison_scopes_of(writer->view.history, writer->view.entry, pair->before, pair->after);
    bool knows_sizes =
        !(before && before->lacks_member_sizes) && !(after && after->lacks_member_sizes);
    struct layout_comparison comparison = {0};

    set_side(writer, object, "before", "byte_size_before", pair->before);
    set_side(writer, object, "after", "byte_size_after", pair->after);
    json_value_set(document, object, "state", json_string(state_of(word)));
    json_value_set(document, object, "has_member_sizes", json_boolean(knows_sizes));
    if (before && after && word != 0)
        TRY(layout_compare(before, after, &scopes, writer->view.arena, &comparison));
    change_json_set_kinds(document, object, comparison.kinds);
    return change_json_set_members(document, object, "member_changes", &comparison, &writer->text);
}

static struct error *add_groups(struct document_writer *writer)
{
    struct json_document *document = &writer->document;
    const struct kernel_groups *groups = writer->view.context->input.groups;
    json_t *list = json_value_set_array(document, document->root, "groups");
    size_t pair_number = 0;

    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        json_t *object = json_value_add_object(document, list);
        json_value_set(document, object, "name", json_value_text(group->name));
        json_t *kernels = json_value_set_array(document, object, "kernels");
        for (size_t j = 0; j < group->kernel_count; j++)
            json_value_add(document, kernels,
                           json_value_text(writer->view.history->kernel_names[group->kernels[j]]));
        json_t *pairs = json_value_set_array(document, object, "pairs");
        for (size_t j = 0; j < group->pair_count; j++) {
            unsigned word = definition_view_word(&writer->view, pair_number++);
            TRY(set_pair(writer, json_value_add_object(document, pairs), &group->pairs[j], word));
        }
    }
    return NULL;
}

struct error *definition_json_render(const struct report_context *context, size_t entry_index,
                                     struct arena *scratch, struct buffer *json)
{
    CLEANUP(document_writer_deinit) struct document_writer writer = {0};
    struct json_document *document = &writer.document;

    buffer_init(&writer.text, TEXT_MAXIMUM);
    json_document_init(document, FORMAT_NAME, FORMAT_VERSION);
    TRY(definition_view_make(context, entry_index, scratch, &writer.view));
    json_value_set(document, document->root, "kind",
                   json_string(definition_kind_texts[writer.view.entry->kind].word));
    json_value_set(document, document->root, "name", json_value_text(writer.view.entry->name));
    add_kernels(&writer);
    TRY(add_layouts(&writer));
    add_further(&writer);
    TRY(add_groups(&writer));
    return json_document_append(document, 0, json);
}
