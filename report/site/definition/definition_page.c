/* SPDX-License-Identifier: MIT */
#include "report/site/definition/definition_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "report/site/html/c_listing.h"
#include "report/site/html/html.h"
#include "report/site/site.h"
#include "report/write/c/c_text.h"
#include "report/write/module_names.h"

/* Definitions are the longest texts. */
enum { TEXT_MAXIMUM = 256 * 1024 * 1024, FURTHER_SHOWN_MAXIMUM = 8 };

static void append(struct definition_page *page, const char *text)
{
    buffer_append_text(page->out, text);
}

void definition_page_append_layout_link(struct definition_page *page, size_t layout)
{
    if (layout < page->view.layouts.first_count && !page->shown.are_shown[layout])
        buffer_append_format(page->out, "%zu", layout + 1);
    else
        buffer_append_format(page->out, "<a href=\"#layout-%zu\">%zu</a>", layout + 1, layout + 1);
}

/* The last kernel of the first group that has it, or of the next one; there is one. */
static size_t newest_kernel(const struct definition_page *page)
{
    const struct kernel_groups *groups = page->view.context->input.groups;

    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        for (size_t j = group->kernel_count; j-- > 0;) {
            if (page->view.layouts.of_kernels[group->kernels[j]] != DISTINCT_LAYOUT_NONE)
                return group->kernels[j];
        }
    }
    return page->view.layouts.kernels[0];
}

static void append_title(struct definition_page *page)
{
    const char *kind = definition_kind_texts[page->view.entry->kind].singular;
    CLEANUP(buffer_deinit) struct buffer title;

    buffer_init(&title, page->out->maximum);
    buffer_append_format(&title, "%s %s", kind, page->view.entry->name);
    html_append_beginning(page->out, buffer_text(&title), HTML_TO_TOP);
    buffer_take_failure(page->out, &title);
    buffer_append_format(page->out, "<h1><small>%s</small> ", kind);
    html_append_text(page->out, page->view.entry->name);
    append(page, "</h1>\n");
}

/* "In 23 of 25 kernels, in 4 layouts." */
static void append_summary(struct definition_page *page)
{
    size_t present = definition_view_count_present(&page->view);

    buffer_append_format(page->out, "<p>In %zu of %zu %s, with %zu different %s", present,
                         COUNTED(page->view.layouts.kernel_count, "kernel"),
                         page->view.layouts.first_count,
                         page->view.layouts.first_count == 1 ? "layout" : "layouts");
    if (page->view.entry->further_count > 0)
        append(page, "; <a href=\"#further\">further definitions</a> of this name");
    append(page,
           ".\n<nav class=\"toc\" aria-label=\"This page\"><a href=\"#definition\">Definition</a> "
           "<a href=\"#members\">Kernel by kernel</a> <a href=\"#kernels\">Kernels</a> "
           "<a href=\"#changes\">Changes</a> <a href=\"#users\">Used in</a></nav>\n");
}

/* What Linux takes a cache line for on the kernel's architecture, which its name ends with: the
 * L1_CACHE_SHIFT of arch/ARCH/include/asm/cache.h; on most it is 6. */
static unsigned cache_line_bytes(const char *kernel_name)
{
    if (text_has_suffix(kernel_name, "-s390x"))
        return 256;
    return text_has_suffix(kernel_name, "-ppc64el") ? 128 : 64;
}

/* As KERNEL has it. */
static struct error *append_listing(struct definition_page *page, const struct layout *layout,
                                    size_t kernel)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, TEXT_MAXIMUM);
    struct error *error = definition_render(
        layout, NULL, cache_line_bytes(page->view.history->kernel_names[kernel]), &text);
    if (error && error->code == ERROR_LIMIT) {
        append(page, "<p>Its definition cannot be shown: ");
        html_append_text(page->out, error->why);
        append(page, ".\n");
        error_destroy(error);
        return NULL;
    }
    TRY(error);
    append(page, "<pre class=\"c\" tabindex=\"0\">");
    c_listing_append(page->out, page->view.context->site, HTML_TO_TOP, buffer_text(&text));
    append(page, "</pre>\n");
    return NULL;
}

static struct error *append_definition(struct definition_page *page)
{
    size_t kernel = page->newest;

    append(page, "<h2 id=\"definition\">Definition</h2>\n<p>In ");
    html_append_kernel_link(page->out, HTML_TO_TOP, page->view.history->kernel_names[kernel]);
    append(page, ", layout ");
    definition_page_append_layout_link(page, page->view.layouts.of_kernels[kernel]);
    append(page, ":");
    definition_page_append_origin(page, kernel);
    append(page, "\n");
    return append_listing(page, page->view.entry->layouts[kernel], kernel);
}

/* The first kernel that has the layout of that number as a further definition. */
static size_t kernel_of_further(const struct definition_page *page, size_t layout)
{
    size_t i = 0;

    while (i + 1 < page->view.entry->further_count && page->view.layouts.of_further[i] != layout)
        i++;
    return page->view.entry->further[i].kernel;
}

/* Other definitions of the name; each layout of theirs once. */
static struct error *append_further(struct definition_page *page)
{
    const struct distinct_layouts *layouts = &page->view.layouts;

    if (page->view.entry->further_count == 0)
        return NULL;
    buffer_append_format(page->out,
                         "<h2 id=\"further\">Further definitions</h2>\n<p>Other source files or "
                         "modules define another %s of this name. Changes are told of the first "
                         "one only, which is above.\n<ul>\n",
                         definition_kind_texts[page->view.entry->kind].singular);
    for (size_t i = 0; i < page->view.entry->further_count; i++) {
        const struct history_further *further = &page->view.entry->further[i];
        buffer_append_format(page->out, "<li>layout %zu in ", layouts->of_further[i] + 1);
        html_append_kernel_link(page->out, HTML_TO_TOP,
                                page->view.history->kernel_names[further->kernel]);
        append(page, " ");
        module_names_append(page->out, ESCAPE_HTML, &further->modules);
        if (further->place.file && further->place.file[0]) {
            append(page, " ");
            html_append_code(page->out, further->place.file);
        }
        append(page, "\n");
    }
    append(page, "</ul>\n");
    for (size_t i = layouts->first_count; i < layouts->count; i++) {
        if (i - layouts->first_count == FURTHER_SHOWN_MAXIMUM) {
            append(page, "<p>The others are in the data set: <code>kstruct show</code>.\n");
            break;
        }
        buffer_append_format(page->out, "<h3 id=\"layout-%zu\">Layout %zu</h3>\n", i + 1, i + 1);
        TRY(append_listing(page, layouts->layouts[i], kernel_of_further(page, i)));
    }
    return NULL;
}

struct error *definition_page_render(const struct report_context *context, size_t entry_index,
                                     struct arena *scratch, struct buffer *out)
{
    struct definition_page page = {.out = out};

    TRY(definition_view_make(context, entry_index, scratch, &page.view));
    page.newest = newest_kernel(&page);
    TRY(shown_layouts_choose(&page));
    append_title(&page);
    append_summary(&page);
    definition_page_append_chart(&page);
    TRY(append_definition(&page));
    TRY(definition_page_append_matrix(&page));
    TRY(definition_page_append_kernels(&page));
    TRY(definition_page_append_changes(&page));
    TRY(append_further(&page));
    definition_page_append_users(&page);
    html_append_end(out);
    return buffer_check(out, page.view.entry->name);
}
