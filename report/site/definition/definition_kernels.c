/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"
#include "report/write/known_number.h"
#include "report/write/module_names.h"

void definition_page_append_origin(struct definition_page *page, size_t kernel)
{
    const struct history_place *place = definition_view_place(&page->view, kernel);
    const struct history_modules modules = history_modules_of(page->view.entry, kernel);

    if (place->file && place->file[0]) {
        buffer_append_text(page->out, " <code>");
        html_append_text(page->out, place->file);
        if (place->line > 0)
            buffer_append_format(page->out, ":%" PRIu32, place->line);
        buffer_append_text(page->out, "</code>");
    }
    if (modules.count > 0) {
        buffer_append_text(page->out, " ");
        module_names_append(page->out, ESCAPE_HTML, &modules);
    }
}

/* What a row says of its kernels. */
static void append_kernel_facts(struct definition_page *page, size_t kernel)
{
    size_t number = page->view.layouts.of_kernels[kernel];

    if (number == DISTINCT_LAYOUT_NONE) {
        buffer_append_text(page->out, history_lacks_modules(page->view.history, kernel)
                                          ? "<td>–<td><td>not in vmlinux; its modules were not read"
                                          : "<td>–<td><td>absent");
        return;
    }
    buffer_append_text(page->out, "<td>");
    definition_page_append_layout_link(page, number);
    buffer_append_text(page->out, "<td class=\"n\">");
    const struct layout *layout = page->view.layouts.layouts[number];
    if (layout_has_byte_size(layout) || !layout->type)
        known_number_append(page->out, layout_has_byte_size(layout), layout->byte_size);
    buffer_append_text(page->out, "<td>");
    definition_page_append_origin(page, kernel);
}

/* Each kernel has an address of its own: `#5.4.0-26-generic-amd64`. */
static void append_kernel(struct definition_page *page, size_t kernel)
{
    buffer_append_text(page->out, "<b id=\"");
    html_append_id(page->out, page->view.history->kernel_names[kernel]);
    buffer_append_text(page->out, "\">");
    html_append_text(page->out, page->view.history->kernel_names[kernel]);
    buffer_append_text(page->out, "</b>\n");
}

struct error *definition_page_append_kernels(struct definition_page *page)
{
    struct alike_kernel_rows rows;

    TRY(alike_kernels_list(&page->view, &rows));
    buffer_append_text(
        page->out,
        "<h2 id=\"kernels\">Kernels</h2>\n<div class=\"wide\" tabindex=\"0\"><table><thead>"
        "<tr><th scope=\"col\">layout<th scope=\"col\" class=\"n\">"
        "bytes<th scope=\"col\">where<th scope=\"col\">kernels</thead>\n<tbody>\n");
    for (size_t row = 1; row <= rows.count; row++) {
        buffer_append_text(page->out, "<tr>");
        append_kernel_facts(page, rows.rows[row].first);
        buffer_append_text(page->out, "<td class=\"kernels\">");
        for (size_t kernel = rows.rows[row].first; kernel != DISTINCT_LAYOUT_NONE;
             kernel = rows.next[kernel])
            append_kernel(page, kernel);
    }
    buffer_append_text(page->out, "</tbody></table></div>\n");
    return NULL;
}
