/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/text/counted.h"
#include "report/pages/full_page.h"
#include "report/write/c/c_text.h"
#include "report/write/known_number.h"
#include "report/write/markdown.h"
#include "report/write/module_names.h"

static bool have_same_users(const struct history_further *a, const struct history_further *b)
{
    if (a->user_count != b->user_count)
        return false;
    for (size_t i = 0; i < a->user_count; i++) {
        if (strcmp(a->users[i], b->users[i]) != 0)
            return false;
    }
    return true;
}

/* ": declared in `include/linux/s.h:12`", or nothing if it is not known where. */
static void append_place(struct full_page *page, const struct history_place *place)
{
    if (!place->file || !place->file[0])
        return;
    buffer_clear(&page->text);
    buffer_append_text(&page->text, place->file);
    if (place->line > 0)
        buffer_append_format(&page->text, ":%" PRIu32, place->line);
    buffer_append_text(page->out, ": declared in ");
    markdown_append_code(page->out, buffer_text(&page->text));
}

/* ", module `kvm`": whose it is, unless it is vmlinux's. */
static void append_modules(struct full_page *page, const struct history_modules *modules)
{
    if (modules->count == 0)
        return;
    buffer_clear(&page->text);
    module_names_append(&page->text, ESCAPE_NOTHING_MORE, modules);
    buffer_append_text(page->out, "; ");
    markdown_append_text(page->out, buffer_text(&page->text));
}

/* An item for each place where kernels that have the layout declare it. */
static void append_kernels(struct full_page *page, size_t number)
{
    const struct definition_view *view = &page->view;

    for (size_t row = 1; row <= page->kernel_rows.count; row++) {
        const struct alike_kernels *alike = &page->kernel_rows.rows[row];
        const struct history_modules modules = history_modules_of(view->entry, alike->first);
        if (alike->layout != number)
            continue;
        const char *before = "- ";
        for (size_t kernel = alike->first; kernel != DISTINCT_LAYOUT_NONE;
             kernel = page->kernel_rows.next[kernel]) {
            buffer_append_text(page->out, before);
            full_page_append_kernel(page, kernel);
            before = ", ";
        }
        append_place(page, definition_view_place(view, alike->first));
        append_modules(page, &modules);
        buffer_append_char(page->out, '\n');
    }
}

static uint32_t count_fields(const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    uint32_t count = 0;

    while (layout_next_field(&fields))
        count++;
    return count;
}

/* "72 bytes, 9 members; holes: 1, in all 4 bytes; padding: none.", "4 bytes, 5 enumerators.",
 * "`struct spinlock`." */
static void append_sums(struct full_page *page, size_t number)
{
    const struct layout *layout = page->view.layouts.layouts[number];

    if (layout->type) {
        markdown_append_code(page->out, type_text(layout->type));
        buffer_append_text(page->out, layout->byte_size > 0 ? ", " : "");
    }
    if (!layout->type || layout->byte_size > 0)
        known_number_append_bytes(page->out, layout);
    if (layout->enumerator_count > 0)
        buffer_append_format(page->out, ", %" PRIu32 " %s",
                             COUNTED(layout->enumerator_count, "enumerator"));
    if (layout_is_aggregate(layout)) {
        buffer_append_format(page->out, ", %" PRIu32 " %s; ",
                             COUNTED(count_fields(layout), "member"));
        if (layout->lacks_member_sizes)
            buffer_append_text(page->out, "holes and padding are not known");
        else
            waste_sum_append(page->out, &page->wastes[number]);
    }
    buffer_append_text(page->out, ".\n\n");
}

static struct error *append_definition(struct full_page *page, const struct layout *layout)
{
    buffer_clear(&page->text);
    struct error *error = definition_render(layout, NULL, 0, &page->text);
    if (error && error->code == ERROR_LIMIT) {
        /* One definition that no compiler made must not be the end of all pages. */
        buffer_append_text(page->out, "\nIts definition cannot be shown: ");
        markdown_append_text(page->out, error->why);
        buffer_append_text(page->out, ".\n");
        error_destroy(error);
        return NULL;
    }
    if (error)
        return error;
    buffer_append_text(page->out,
                       "\n<details markdown=\"1\">\n<summary>Definition</summary>\n\n```c\n");
    /* No line of it can end the fence: all begin with a word, `}`, a comment or four spaces, and
     * names have no line ends. */
    buffer_append(page->out, buffer_text(&page->text), page->text.length);
    buffer_append_text(page->out, "```\n\n</details>\n");
    return NULL;
}

static struct error *append_layout(struct full_page *page, size_t number)
{
    buffer_append_format(page->out, "\n### Layout %zu\n\n", number + 1);
    append_sums(page, number);
    if (number < page->view.layouts.first_count)
        append_kernels(page, number);
    else
        buffer_append_text(page->out, "Only as a further definition.\n");
    return append_definition(page, page->view.layouts.layouts[number]);
}

struct error *full_page_append_layouts(struct full_page *page)
{
    TRY(alike_kernels_list(&page->view, &page->kernel_rows));
    buffer_append_text(page->out, "\n## Layouts\n");
    for (size_t i = 0; i < page->view.layouts.first_count; i++)
        TRY(append_layout(page, i));
    return NULL;
}

/* Do both say the same, but for the kernel? */
static bool are_alike(const struct full_page *page, size_t a, size_t b)
{
    const struct history_further *further = page->view.entry->further;

    return page->view.layouts.of_further[a] == page->view.layouts.of_further[b] &&
           history_places_are_equal(&further[a].place, &further[b].place) &&
           have_same_users(&further[a], &further[b]) &&
           history_modules_are_equal(&further[a].modules, &further[b].modules);
}

/* An item for definition NUMBER and those that are like it, unless an earlier one is. */
static void append_further_item(struct full_page *page, size_t number)
{
    const struct history_further *further = &page->view.entry->further[number];

    for (size_t i = 0; i < number; i++) {
        if (are_alike(page, i, number))
            return;
    }
    buffer_append_text(page->out, "- ");
    full_page_append_layout_link(page->out, page->view.layouts.of_further[number]);
    buffer_append_text(page->out, " in ");
    full_page_append_kernel(page, further->kernel);
    for (size_t i = number + 1; i < page->view.entry->further_count; i++) {
        if (!are_alike(page, i, number))
            continue;
        buffer_append_text(page->out, ", ");
        full_page_append_kernel(page, page->view.entry->further[i].kernel);
    }
    append_place(page, &further->place);
    append_modules(page, &further->modules);
    for (size_t i = 0; i < further->user_count; i++) {
        buffer_append_text(page->out, i == 0 ? "; used by " : ", ");
        markdown_append_code(page->out, further->users[i]);
    }
    buffer_append_char(page->out, '\n');
}

/* Is one of the further definitions a module's? */
static bool has_module(const struct history_definition *entry)
{
    for (size_t i = 0; i < entry->further_count; i++) {
        if (entry->further[i].modules.count > 0)
            return true;
    }
    return false;
}

struct error *full_page_append_further(struct full_page *page)
{
    if (page->view.entry->further_count == 0)
        return NULL;
    buffer_append_format(page->out,
                         "\n## Further definitions\n\n"
                         "Other source files%s of these kernels define another %s of this name. "
                         "Differences are told of the first one only, which is above.\n\n",
                         has_module(page->view.entry) ? ", or modules," : "",
                         definition_kind_texts[page->view.entry->kind].singular);
    for (size_t i = 0; i < page->view.entry->further_count; i++)
        append_further_item(page, i);
    for (size_t i = page->view.layouts.first_count; i < page->view.layouts.count; i++)
        TRY(append_layout(page, i));
    return NULL;
}
