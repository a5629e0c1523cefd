/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "model/text/escape.h"
#include "report/find/find_write.h"
#include "report/write/known_number.h"
#include "report/write/module_names.h"
#include "report/write/place.h"

static void append(struct buffer *out, const char *text)
{
    escape_append(out, ESCAPE_NOTHING_MORE, text);
}

/* "all 5 kernels", "5.4.0-26-generic-amd64 … 6.2.0-20-generic-amd64 (9)" */
static void append_kernels(struct buffer *out, const struct find_result *result,
                           const struct find_match *match)
{
    const char **names = result->history->kernel_names;

    if (match->kernel_count == result->kernel_count && result->kernel_count > 1) {
        buffer_append_format(out, "all %zu kernels", match->kernel_count);
        return;
    }
    for (size_t i = 0, end; i < match->kernel_count; i = end) {
        for (end = i + 1; end < match->kernel_count; end++) {
            if (match->kernels[end] != match->kernels[end - 1] + 1)
                break;
        }
        buffer_append_text(out, i > 0 ? ", " : "");
        append(out, names[result->kernels[match->kernels[i]]]);
        if (end - i == 1)
            continue;
        buffer_append_text(out, " … ");
        append(out, names[result->kernels[match->kernels[end - 1]]]);
        buffer_append_format(out, " (%zu)", end - i);
    }
}

/* "    16  struct list_head  tasks" */
static void append_place(struct buffer *out, const struct find_match *match,
                         const struct find_place *place)
{
    buffer_append_text(out, "    ");
    append(out, place->path);
    if (place->enumerator) {
        buffer_append_text(out, " = ");
        enumerator_append_value(out, place->enumerator);
    } else {
        buffer_append_text(out, ": ");
        append(out, place->type);
        buffer_append_text(out, " at ");
        if (layout_has_places(match->layout))
            place_append(out, place->member->bit_offset, place->member->bitfield_size > 0, false);
        else
            buffer_append_char(out, '?');
    }
    buffer_append_char(out, '\n');
}

static struct error *write_text(const struct find_result *result, struct buffer *out)
{
    for (size_t i = 0; i < result->match_count; i++) {
        const struct find_match *match = &result->matches[i];
        buffer_append_format(out, "%s ", definition_kind_texts[match->entry->kind].singular);
        append(out, match->entry->name);
        buffer_append_text(out, ", ");
        known_number_append_bytes(out, match->layout);
        buffer_append_text(out, match->modules.count > 0 ? ", " : "");
        module_names_append(out, ESCAPE_NOTHING_MORE, &match->modules);
        buffer_append_text(out, ": ");
        append_kernels(out, result, match);
        buffer_append_char(out, '\n');
        for (size_t j = 0; j < match->place_count; j++)
            append_place(out, match, &match->places[j]);
    }
    return buffer_check(out, "what was found");
}

const struct find_format find_format_text = {.word = "text", .write = write_text};
