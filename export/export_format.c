/* SPDX-License-Identifier: MIT */
#include "export/export_format.h"

#include <string.h>

static const struct export_format *const formats[] = {
    &export_format_json_lines,
    &export_format_btf,
    &export_format_header,
    &export_format_isf,
};

struct error *export_format_find(const char *word, const struct export_format **format_ret)
{
    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        *format_ret = formats[i];
        if (strcmp(formats[i]->word, word) == 0)
            return NULL;
    }
    return error_create(ERROR_USAGE, NULL,
                        "there is no format `%s`; there are jsonl, btf, header and isf", word);
}

/* A struct or union whose members' places are not told, where those of no other are either: so
 * kernels are imported that tell none. Else NULL; one that has only empty arrays looks the same. */
static const struct layout *find_without_places(const struct history *history)
{
    const struct layout *without = NULL;

    for (size_t i = 0; i < history->definition_count; i++) {
        const struct layout *layout = history->definitions[i].layouts[0];
        if (!layout || layout->member_count == 0)
            continue;
        if (layout_has_places(layout))
            return NULL;
        without = without ? without : layout;
    }
    return without;
}

struct error *export_write(const struct export_format *format, const struct export_order *order,
                           export_sink *sink, void *context)
{
    const struct layout *unknown =
        format->needs_places ? find_without_places(order->history) : NULL;

    if (unknown)
        return error_create(ERROR_UNSUPPORTED, order->record->name,
                            "was imported without offsets (%s has none), and %s cannot do without "
                            "them: read the kernel from its package",
                            unknown->name, format->word);
    return format->write(order, sink, context);
}
