/* SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "base/text/counted.h"
#include "report/site/definition/definition_page.h"
#include "report/site/html/html.h"
#include "report/site/site.h"

/* Of list_head's thousands nobody reads more; `kstruct find` has all. */
enum { SHOWN_MAXIMUM = 200 };

/* Those of one sort from FIRST on, with a heading. */
static void append_sort(struct definition_page *page, const struct site_user *first,
                        const struct site_user *end, bool embeds, const char *heading)
{
    const struct site *site = page->view.context->site;
    size_t count = 0;

    for (const struct site_user *user = first; user < end; user++) {
        const struct history_definition *entry = &site->names->definitions[user->definition];
        if (user->embeds != embeds || !site_has_page(site, entry))
            continue;
        if (count == 0)
            buffer_append_format(page->out, "<h3>%s</h3>\n<ul class=\"names\">\n", heading);
        if (count++ >= SHOWN_MAXIMUM)
            continue;
        buffer_append_text(page->out, "<li>");
        html_append_definition_link(page->out, HTML_TO_TOP, entry->kind, entry->name);
        buffer_append_char(page->out, '\n');
    }
    if (count > 0)
        buffer_append_text(page->out, "</ul>\n");
    if (count > SHOWN_MAXIMUM)
        buffer_append_format(page->out, "<p>And %zu more.\n", count - SHOWN_MAXIMUM);
}

void definition_page_append_users(struct definition_page *page)
{
    const struct site *site = page->view.context->site;
    const struct history_definition *entry =
        site_find(site, page->view.entry->kind, page->view.entry->name);
    const uint32_t *starts =
        entry ? &site->users.starts[entry - site->names->definitions] : (const uint32_t[]){0, 0};
    const struct site_user *first = &site->users.users[starts[0]];
    const struct site_user *end = &site->users.users[starts[1]];

    buffer_append_text(page->out, "<h2 id=\"users\">Used in</h2>\n");
    if (first == end)
        buffer_append_text(page->out,
                           "<p>No other definition has it as a part, or points to it.\n");
    append_sort(page, first, end, true, "Embedded in");
    append_sort(page, first, end, false, "Pointed to by");
}
