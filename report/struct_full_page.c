/* SPDX-License-Identifier: MIT */
#include "report/struct_full_page.h"

#include "report/escape.h"

struct error *struct_full_page_render(const struct report_context *context, size_t struct_index,
                                      struct arena *scratch UNUSED, struct buffer *page)
{
    const struct history_struct *entry = &context->input.history->structs[struct_index];

    buffer_append_text(page, STRUCT_FULL_PAGE_BEGINNING);
    escape_append(page, ESCAPE_HEADING, entry->name);
    buffer_append_text(page, "</code>\n");
    return buffer_check(page, entry->name);
}
