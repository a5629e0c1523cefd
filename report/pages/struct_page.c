/* SPDX-License-Identifier: MIT */
#include "report/pages/struct_page.h"

#include <stdlib.h>

#include "model/text/escape.h"
#include "report/compare/struct_difference.h"

/* A definition, rendered once and copied to wherever its layout occurs on the page. */
struct definition {
    const struct layout *layout;
    size_t start; /* bytes into the definitions' text */
    size_t length;
};

struct page_writer {
    const struct layout **layouts; /* vmlinux's, one a kernel, or NULL */
    struct buffer *page;
    struct buffer definition_text;
    size_t definition_count;
    struct definition *definitions; /* at most one a kernel */
};

static void page_writer_deinit(struct page_writer *writer)
{
    buffer_deinit(&writer->definition_text);
    free(writer->definitions);
    free(writer->layouts);
}

static void append(struct page_writer *writer, const char *text)
{
    buffer_append_text(writer->page, text);
}

static void append_planned(struct page_writer *writer, const struct page_text *text)
{
    buffer_append(writer->page, text->bytes, text->length);
}

static void append_field(struct buffer *out, enum escape_context context,
                         const struct layout_member *field)
{
    escape_append(out, context, type_text(field->type));
    buffer_append_char(out, ' ');
    escape_append(out, context, field->name);
}

static void render_definition(struct buffer *out, const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *field;

    buffer_append_text(out, "struct ");
    escape_append(out, ESCAPE_NOTHING_MORE, layout->name);
    buffer_append_text(out, " {\n");
    while ((field = layout_next_field(&fields))) {
        buffer_append_text(out, "    ");
        append_field(out, ESCAPE_NOTHING_MORE, field);
        buffer_append_text(out, ";\n");
    }
    buffer_append_text(out, "}\n");
}

/* The layout's definition. Neighbouring kernels tend to share one, so the latest is tried first. */
static const struct definition *find_definition(struct page_writer *writer,
                                                const struct layout *layout)
{
    for (size_t i = writer->definition_count; i-- > 0;) {
        if (writer->definitions[i].layout == layout)
            return &writer->definitions[i];
    }
    struct definition *definition = &writer->definitions[writer->definition_count++];
    definition->layout = layout;
    definition->start = writer->definition_text.length;
    render_definition(&writer->definition_text, layout);
    definition->length = writer->definition_text.length - definition->start;
    return definition;
}

static void append_definition_item(struct page_writer *writer, const struct page_text *beginning,
                                   const struct layout *layout)
{
    const struct definition *definition = find_definition(writer, layout);

    append_planned(writer, beginning);
    append(writer, "\n```c\n");
    buffer_append(writer->page, buffer_text(&writer->definition_text) + definition->start,
                  definition->length);
    append(writer, "```\n</details>\n</li>\n");
}

static void append_status(struct page_writer *writer, const struct plan_group *group)
{
    if (group->kernel_count == 0)
        return;
    append_planned(writer, &group->heading);
    for (size_t i = 0; i < group->kernel_count; i++) {
        const struct plan_kernel *kernel = &group->kernels[i];
        const struct layout *layout = writer->layouts[kernel->kernel];
        if (layout)
            append_definition_item(writer, &kernel->present, layout);
        else
            append_planned(writer, &kernel->absent);
    }
    append(writer, "</ul>\n");
}

static void append_coded_field(struct page_writer *writer, const struct layout_member *field)
{
    append(writer, "<code>");
    append_field(writer->page, ESCAPE_HTML, field);
    append(writer, "</code>");
}

static void append_change(struct page_writer *writer, const struct field_change *change)
{
    static const char *const titles[] = {
        [FIELD_ADDED] = "<li>\n<b>Field added. </b>\n",
        [FIELD_REMOVED] = "<li>\n<b>Field removed. </b>\n",
        [FIELD_TYPE_CHANGED] = "<li>\n<b>Field type changed. </b>\n",
    };

    append(writer, titles[change->kind]);
    if (change->before)
        append_coded_field(writer, change->before);
    if (change->before && change->after)
        append(writer, " ➡️ ");
    if (change->after)
        append_coded_field(writer, change->after);
    append(writer, "\n</li>\n");
}

static struct error *append_comparison(struct page_writer *writer, const struct plan_pair *pair,
                                       const struct layout *before, const struct layout *after)
{
    CLEANUP(struct_difference_deinit) struct struct_difference difference = {0};

    TRY(struct_difference_compute(before, after, &difference));
    if (difference.change_count == 0) {
        append_planned(writer, &pair->same);
        return NULL;
    }
    append_planned(writer, &pair->changed);
    for (size_t i = 0; i < difference.change_count; i++)
        append_change(writer, &difference.changes[i]);
    append(writer, "</ul>\n</details>\n</li>\n");
    return NULL;
}

static struct error *append_differences(struct page_writer *writer, const struct plan_group *group)
{
    bool is_begun = false;

    for (size_t i = 0; i < group->pair_count; i++) {
        const struct plan_pair *pair = &group->pairs[i];
        const struct layout *before = writer->layouts[pair->before];
        const struct layout *after = writer->layouts[pair->after];
        if (!before && !after)
            continue;
        if (!is_begun)
            append_planned(writer, &group->heading);
        is_begun = true;
        if (!before)
            append_definition_item(writer, &pair->added, after);
        else if (!after)
            append_definition_item(writer, &pair->removed, before);
        else
            TRY(append_comparison(writer, pair, before, after));
    }
    if (is_begun)
        append(writer, "</ul>\n");
    return NULL;
}

struct error *struct_page_render(const struct history_definition *entry,
                                 const struct page_plan *plan, struct buffer *page)
{
    CLEANUP(page_writer_deinit) struct page_writer writer = {.page = page};

    buffer_init(&writer.definition_text, page->maximum);
    writer.definitions = calloc(plan->kernel_count + 1, sizeof(*writer.definitions));
    writer.layouts = calloc(plan->kernel_count + 1, sizeof(*writer.layouts));
    if (!writer.definitions || !writer.layouts)
        return error_out_of_memory();
    for (size_t i = 0; i < plan->kernel_count; i++)
        writer.layouts[i] = history_vmlinux_layout(entry, i);

    append(&writer, STRUCT_PAGE_BEGINNING);
    escape_append(page, ESCAPE_HEADING, entry->name);
    append(&writer, "</code>\n\n## Status\n");
    for (size_t i = 0; i < plan->group_count; i++)
        append_status(&writer, &plan->groups[i]);
    append(&writer, "\n## Differences\n");
    for (size_t i = 0; i < plan->group_count; i++)
        TRY(append_differences(&writer, &plan->groups[i]));
    TRY(buffer_check(&writer.definition_text, entry->name));
    return buffer_check(page, entry->name);
}
