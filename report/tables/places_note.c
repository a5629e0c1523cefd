/* SPDX-License-Identifier: MIT */
#include "report/tables/places_note.h"

#include "report/write/markdown.h"

static void append_names(const struct report_context *context, const struct kernel_columns *columns,
                         struct buffer *out)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->columns[i].has_places)
            continue;
        markdown_append_code(out, report_kernel_name(context, columns->columns[i].kernel));
        buffer_append_text(out, ", ");
    }
}

void places_note_append(const struct report_context *context, const struct kernel_columns *columns,
                        struct buffer *out)
{
    size_t count = 0;

    for (size_t i = 0; i < columns->count; i++)
        count += !columns->columns[i].has_places;
    if (count == 0)
        return;
    buffer_append_text(out, "\n**No sizes and offsets** were recorded of ");
    if (count == columns->count)
        buffer_append_text(out, "these kernels, ");
    else
        append_names(context, columns, out);
    buffer_append_text(out, "so of what changed in them only names and types are known.\n");
}
