/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"
#include "report/write/known_number.h"
#include "report/write/module_names.h"

/* Kernels of which the same is said are one row, whose place is that of the first. */
struct kernel_rows {
    size_t *first_rows;    /* by layout, and for none after them: the last row of it; 0: none */
    size_t count;          /* rows are numbers from 1 on */
    size_t *next_rows;     /* by row: another one of its layout; 0: none */
    size_t *first_kernels; /* by row */
    size_t *last_kernels;
    size_t *next_kernels; /* by kernel: the next one of its row; the number of kernels: none */
};

static const struct history_place *place_in(const struct definition_page *page, size_t kernel)
{
    static const struct history_place unknown = {0};

    return page->entry->places ? &page->entry->places[kernel] : &unknown;
}

void definition_page_append_origin(struct definition_page *page, size_t kernel)
{
    const struct history_place *place = place_in(page, kernel);
    const struct history_modules modules = history_modules_of(page->entry, kernel);

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

/* Do both kernels, of which both have the same layout, or both none, have it from the same place,
 * or lack it alike? */
static bool are_alike(const struct definition_page *page, size_t one, size_t other)
{
    const struct history_modules modules = history_modules_of(page->entry, one);
    const struct history_modules others = history_modules_of(page->entry, other);

    if (page->layouts.of_kernels[one] == DISTINCT_LAYOUT_NONE)
        return history_lacks_modules(page->history, one) ==
               history_lacks_modules(page->history, other);
    return history_places_are_equal(place_in(page, one), place_in(page, other)) &&
           history_modules_are_equal(&modules, &others);
}

static struct error *allocate(struct definition_page *page, struct kernel_rows *rows)
{
    size_t kernels = page->layouts.kernel_count + 1;

    rows->first_rows =
        arena_allocate(page->arena, page->layouts.count + 1, sizeof(*rows->first_rows));
    rows->next_rows = arena_allocate(page->arena, kernels, sizeof(*rows->next_rows));
    rows->first_kernels = arena_allocate(page->arena, kernels, sizeof(*rows->first_kernels));
    rows->last_kernels = arena_allocate(page->arena, kernels, sizeof(*rows->last_kernels));
    rows->next_kernels = arena_allocate(page->arena, kernels, sizeof(*rows->next_kernels));
    return rows->first_rows && rows->next_rows && rows->first_kernels && rows->last_kernels &&
                   rows->next_kernels
               ? NULL
               : error_out_of_memory();
}

static void add_kernel(const struct definition_page *page, struct kernel_rows *rows, size_t kernel)
{
    size_t layout = page->layouts.of_kernels[kernel];
    size_t *first =
        &rows->first_rows[layout == DISTINCT_LAYOUT_NONE ? page->layouts.count : layout];
    size_t row = *first;

    while (row != 0 && !are_alike(page, rows->first_kernels[row], kernel))
        row = rows->next_rows[row];
    rows->next_kernels[kernel] = page->layouts.kernel_count;
    if (row != 0) {
        rows->next_kernels[rows->last_kernels[row]] = kernel;
    } else {
        row = ++rows->count;
        rows->next_rows[row] = *first;
        *first = row;
        rows->first_kernels[row] = kernel;
    }
    rows->last_kernels[row] = kernel;
}

/* What a row says of its kernels. */
static void append_kernel_facts(struct definition_page *page, size_t kernel)
{
    size_t number = page->layouts.of_kernels[kernel];

    if (number == DISTINCT_LAYOUT_NONE) {
        buffer_append_text(page->out, history_lacks_modules(page->history, kernel)
                                          ? "<td>–<td><td>not in vmlinux; its modules were not read"
                                          : "<td>–<td><td>absent");
        return;
    }
    buffer_append_text(page->out, "<td>");
    definition_page_append_layout_link(page, number);
    buffer_append_text(page->out, "<td class=\"n\">");
    const struct layout *layout = page->layouts.layouts[number];
    if (layout_has_byte_size(layout) || !layout->type)
        known_number_append(page->out, layout_has_byte_size(layout), layout->byte_size);
    buffer_append_text(page->out, "<td>");
    definition_page_append_origin(page, kernel);
}

/* Each kernel has an address of its own: `#5.4.0-26-generic-amd64`. */
static void append_kernel(struct definition_page *page, size_t kernel)
{
    buffer_append_text(page->out, "<b id=\"");
    html_append_id(page->out, page->history->kernel_names[kernel]);
    buffer_append_text(page->out, "\">");
    html_append_text(page->out, page->history->kernel_names[kernel]);
    buffer_append_text(page->out, "</b>\n");
}

struct error *definition_page_append_kernels(struct definition_page *page)
{
    struct kernel_rows rows = {0};

    TRY(allocate(page, &rows));
    for (size_t i = 0; i < page->layouts.kernel_count; i++)
        add_kernel(page, &rows, page->layouts.kernels[i]);
    buffer_append_text(
        page->out,
        "<h2 id=\"kernels\">Kernels</h2>\n<div class=\"wide\" tabindex=\"0\"><table><thead>"
        "<tr><th scope=\"col\">layout<th scope=\"col\" class=\"n\">"
        "bytes<th scope=\"col\">where<th scope=\"col\">kernels</thead>\n<tbody>\n");
    for (size_t row = 1; row <= rows.count; row++) {
        buffer_append_text(page->out, "<tr>");
        append_kernel_facts(page, rows.first_kernels[row]);
        buffer_append_text(page->out, "<td class=\"kernels\">");
        for (size_t kernel = rows.first_kernels[row]; kernel < page->layouts.kernel_count;
             kernel = rows.next_kernels[kernel])
            append_kernel(page, kernel);
    }
    buffer_append_text(page->out, "</tbody></table></div>\n");
    return NULL;
}
