/* SPDX-License-Identifier: MIT */
#include "report/pages/full_page.h"

#include "model/text/escape.h"
#include "report/compare/holes.h"
#include "report/write/markdown.h"

/* Definitions are the longest texts. */
enum { TEXT_MAXIMUM = 256 * 1024 * 1024 };

static void full_page_deinit(struct full_page *page)
{
    buffer_deinit(&page->text);
}

void full_page_append_kernel(struct full_page *page, size_t kernel)
{
    markdown_append_code(page->out, page->view.history->kernel_names[kernel]);
}

void full_page_append_layout_link(struct buffer *out, size_t layout)
{
    buffer_append_format(out, "[layout %zu](#layout-%zu)", layout + 1, layout + 1);
}

static struct error *find_wastes(struct full_page *page)
{
    const struct distinct_layouts *layouts = &page->view.layouts;

    page->wastes = arena_allocate(page->view.arena, layouts->count + 1, sizeof(*page->wastes));
    if (!page->wastes)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->count; i++) {
        CLEANUP(holes_deinit) struct holes holes = {0};
        if (!holes_are_known(layouts->layouts[i]))
            continue;
        TRY(holes_find(layouts->layouts[i], HOLES_WHOLE_STRUCT, &holes));
        page->wastes[i] = waste_sum_of(&holes);
    }
    return NULL;
}

static void append_title(struct full_page *page)
{
    buffer_append_format(page->out, FULL_PAGE_BEGINNING "%s <code>",
                         definition_kind_texts[page->view.entry->kind].singular);
    escape_append(page->out, ESCAPE_HEADING, page->view.entry->name);
    buffer_append_text(page->out, "</code>\n");
}

struct error *full_page_render(const struct report_context *context, size_t entry_index,
                               struct arena *scratch, struct buffer *out)
{
    CLEANUP(full_page_deinit) struct full_page page = {.out = out};

    buffer_init(&page.text, TEXT_MAXIMUM);
    TRY(definition_view_make(context, entry_index, scratch, &page.view));
    TRY(find_wastes(&page));
    append_title(&page);
    TRY(full_page_append_status(&page));
    TRY(full_page_append_layouts(&page));
    TRY(full_page_append_further(&page));
    TRY(full_page_append_differences(&page));
    return buffer_check(out, page.view.entry->name);
}
