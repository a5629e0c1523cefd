/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "report/compare/holes.h"
#include "report/pages/full_page.h"
#include "report/write/known_number.h"
#include "report/write/markdown.h"

static size_t count_present(const struct full_page *page)
{
    size_t count = 0;

    for (size_t i = 0; i < page->layouts.kernel_count; i++)
        count += page->layouts.of_kernels[i] != DISTINCT_LAYOUT_NONE;
    return count;
}

/* Is there a layout that lacks its members' sizes? */
static bool lacks_sizes(const struct full_page *page)
{
    for (size_t i = 0; i < page->layouts.count; i++) {
        if (page->layouts.layouts[i]->lacks_member_sizes)
            return true;
    }
    return false;
}

static bool has_waste_anywhere(const struct full_page *page)
{
    for (size_t i = 0; i < page->layouts.count; i++) {
        if (holes_are_known(page->layouts.layouts[i]))
            return true;
    }
    return false;
}

static void append_introduction(struct full_page *page)
{
    size_t present = count_present(page);
    size_t layouts = page->layouts.first_count;

    buffer_append_format(page->out, "\nIn %zu of %zu %s, with %zu %s.", present,
                         COUNTED(page->layouts.kernel_count, "kernel"), COUNTED(layouts, "layout"));
    buffer_append_text(page->out,
                       " Sizes and offsets are in bytes; a bit-field's offset is the byte "
                       "and, after a colon, the bit in it.\n");
    if (lacks_sizes(page))
        buffer_append_text(page->out, "\nWhere a kernel was imported without its members' sizes, "
                                      "holes and padding are not known.\n");
    if (page->entry->further_count > 0)
        buffer_append_format(page->out,
                             "\nSome kernels have other %s of this name, too: "
                             "[further definitions](#further-definitions).\n",
                             definition_kind_texts[page->entry->kind].plural);
}

static void append_waste_cells(struct full_page *page, size_t number)
{
    if (!holes_are_known(page->layouts.layouts[number])) {
        buffer_append_text(page->out, " | not known | not known");
        return;
    }
    buffer_append_text(page->out, " | ");
    waste_append(page->out, &page->wastes[number].holes);
    buffer_append_text(page->out, " | ");
    waste_append(page->out, &page->wastes[number].padding);
}

static void append_row(struct full_page *page, const char *group_name, size_t kernel,
                       bool has_waste)
{
    size_t number = page->layouts.of_kernels[kernel];

    buffer_append_text(page->out, "| ");
    markdown_append_text(page->out, group_name);
    buffer_append_text(page->out, " | ");
    full_page_append_kernel(page, kernel);
    if (number == DISTINCT_LAYOUT_NONE) {
        bool is_known =
            page->context->survey.kinds[kernel] & DEFINITION_KIND_BIT(page->entry->kind);
        buffer_append_format(page->out, " | %s%s", is_known ? "Absent ❓" : "Not known",
                             has_waste ? " | | | |\n" : " | |\n");
        return;
    }
    const struct layout *layout = page->layouts.layouts[number];
    buffer_append_text(page->out, " | ");
    known_number_append(page->out, layout_has_byte_size(layout), layout->byte_size);
    if (has_waste)
        append_waste_cells(page, number);
    buffer_append_text(page->out, " | ");
    full_page_append_layout_link(page, number);
    buffer_append_text(page->out, " |\n");
}

void full_page_append_status(struct full_page *page)
{
    const struct kernel_groups *groups = page->context->input.groups;
    bool has_waste = has_waste_anywhere(page);

    append_introduction(page);
    buffer_append_text(page->out, has_waste
                                      ? "\n## Status\n\n"
                                        "| Group | Kernel | Size | Holes | Padding | Layout |\n"
                                        "|---|---|--:|---|---|---|\n"
                                      : "\n## Status\n\n"
                                        "| Group | Kernel | Size | Layout |\n"
                                        "|---|---|--:|---|\n");
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        for (size_t j = 0; j < group->kernel_count; j++)
            append_row(page, j == 0 ? group->name : "", group->kernels[j], has_waste);
    }
}
