/* SPDX-License-Identifier: MIT */
#include "export/export_format.h"
#include "export/json_lines.h"
#include "model/kernel/image.h"

/* Was it read from its own debug information, of all kinds? An import may have only some. */
static bool is_complete(const struct kernel_record *record)
{
    return record->counts[DEFINITION_TYPEDEF] > 0 && record->reader_revision > 0;
}

/* What a module sees is there with what it has itself, so that it is known what its types are. */
static struct error *write_json_lines(const struct export_order *order, export_sink *sink,
                                      void *context)
{
    struct history *history = order->history;
    size_t count = history->definition_count;
    const struct layout **layouts = arena_allocate(&history->arena, count, sizeof(*layouts));
    bool *are_context = arena_allocate(&history->arena, count, sizeof(*are_context));

    if (!layouts || !are_context)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        layouts[i] = history->definitions[i].layouts[0];
        are_context[i] = image_is_module(order->image) &&
                         history_modules_of(&history->definitions[i], 0).count == 0;
    }
    const struct json_lines_kernel kernel = {
        .count = count,
        .layouts = layouts,
        .are_context = are_context,
        .types = &history->types,
        .kinds = order->kinds,
        .is_complete = is_complete(order->record),
    };
    return json_lines_write(&kernel, sink, context);
}

const struct export_format export_format_json_lines = {
    .word = "jsonl",
    .has_kinds = true,
    .has_all_images = true,
    .write = write_json_lines,
};
