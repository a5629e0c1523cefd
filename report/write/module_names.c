/* SPDX-License-Identifier: MIT */
#include "report/write/module_names.h"

/* More are only counted. */
enum { NAMED_MAXIMUM = 3 };

void module_names_append(struct buffer *out, enum escape_context context,
                         const struct history_modules *modules)
{
    size_t named = modules->count <= NAMED_MAXIMUM ? modules->count : NAMED_MAXIMUM - 1;

    if (modules->count == 0)
        return;
    buffer_append_text(out, modules->count == 1 ? "module " : "modules ");
    for (size_t i = 0; i < named; i++) {
        if (i > 0)
            buffer_append_text(out, ", ");
        escape_append(out, context, modules->names[i]);
    }
    if (modules->count > named)
        buffer_append_format(out, " and %zu others", modules->count - named);
}
