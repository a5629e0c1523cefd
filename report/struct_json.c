/* SPDX-License-Identifier: MIT */
#include "report/struct_json.h"

struct error *struct_json_render(const struct report_context *context, size_t struct_index,
                                 struct arena *scratch UNUSED, struct buffer *json)
{
    const struct history_struct *entry = &context->input.history->structs[struct_index];

    buffer_append_text(json, STRUCT_JSON_BEGINNING "}\n");
    return buffer_check(json, entry->name);
}
