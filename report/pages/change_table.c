/* SPDX-License-Identifier: MIT */
#include "report/pages/change_table.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/counted.h"
#include "report/compare/holes.h"
#include "report/write/declarator.h"
#include "report/write/known_number.h"
#include "report/write/markdown.h"
#include "report/write/place.h"

/* A type's text has its own, smaller limit; in C's notation it is not twice as long. */
enum { TEXT_MAXIMUM = TYPE_TEXT_MAXIMUM * 2, BITS_PER_BYTE = 8 };

struct change_writer {
    const struct layout_comparison *comparison;
    bool knows_sizes; /* of the members on both sides */
    bool tells_units; /* the sizes of bit-fields' types: only where they change */
    struct buffer *out;
    struct buffer before; /* texts of one cell before and after the change */
    struct buffer after;
};

static void append(struct change_writer *writer, const char *text)
{
    buffer_append_text(writer->out, text);
}

void change_table_append_counts(struct buffer *out, const struct layout_comparison *comparison)
{
    const char *separator = "";

    for (unsigned kind = 1; kind <= CHANGE_VALUE; kind <<= 1) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < comparison->change_count; i++)
            count += (comparison->changes[i].kinds & kind) != 0;
        if (count == 0)
            continue;
        buffer_append_format(out, "%s%" PRIu32 " ", separator, count);
        change_kinds_append(out, kind);
        separator = ", ";
    }
}

/* The unnamed structs and unions that a member is in, from the innermost on: "struct in union". */
static void append_nesting(struct change_writer *writer, const char *nesting)
{
    size_t length = strlen(nesting);

    if (length == 0)
        append(writer, "none");
    for (size_t i = length; i-- > 0;) {
        append(writer, nesting[i] == 'u' ? "union" : "struct");
        append(writer, i > 0 ? " in " : "");
    }
}

static void append_hint(struct change_writer *writer, const struct member_change *change)
{
    static const char *const words[][2] = {
        [HINT_RENAMED] = {"; perhaps renamed from ", "; perhaps renamed to "},
        [HINT_MOVED] = {"; perhaps was ", "; perhaps is now "},
        [HINT_EMBEDDED] = {"; perhaps moved out of ", "; perhaps moved into "},
    };

    if (change->hint == HINT_NONE)
        return;
    append(writer, words[change->hint][change->after == NULL]);
    markdown_append_code(writer->out, change->hint_path);
    if (change->hint_struct) {
        append(writer, " of struct ");
        markdown_append_code(writer->out, change->hint_struct);
    }
    append(writer, "?");
}

static void append_offset(struct change_writer *writer UNUSED, struct buffer *out,
                          const struct layout *layout, const struct member_path *path)
{
    const struct layout_member *member = path->member;

    if (path->kind == PATH_ENUMERATOR)
        enumerator_append_value(out, path->enumerator);
    else if (path->kind == PATH_MEMBER && !layout_has_places(layout))
        buffer_append_char(out, '?');
    else if (path->kind == PATH_MEMBER)
        place_append(out, member->bit_offset, member->bitfield_size > 0, false);
}

static void append_size(struct change_writer *writer, struct buffer *out,
                        const struct layout *layout, const struct member_path *path)
{
    const struct layout_member *member = path->member;

    if (path->kind != PATH_MEMBER)
        return;
    if (member->bitfield_size)
        buffer_append_format(out, "%" PRIu32 " %s", COUNTED(member->bitfield_size, "bit"));
    if (member->bitfield_size && writer->tells_units)
        buffer_append_text(out, " of ");
    if (!member->bitfield_size || writer->tells_units)
        known_number_append(out, !layout->lacks_member_sizes, member->byte_size);
}

static void append_type(struct change_writer *writer UNUSED, struct buffer *out,
                        const struct layout *layout UNUSED, const struct member_path *path)
{
    if (path->kind != PATH_ENUMERATOR)
        declarator_append_type(out, path->member->type);
}

typedef void append_function(struct change_writer *writer, struct buffer *out,
                             const struct layout *layout, const struct member_path *path);

/* A cell with what APPEND_ONE says of the member: once if it is the same on both sides. */
static void append_cell(struct change_writer *writer, const struct member_change *change,
                        append_function *append_one, void (*quote)(struct buffer *, const char *))
{
    buffer_clear(&writer->before);
    buffer_clear(&writer->after);
    if (change->before)
        append_one(writer, &writer->before, writer->comparison->before, change->before);
    if (change->after)
        append_one(writer, &writer->after, writer->comparison->after, change->after);
    const char *before = buffer_text(&writer->before);
    const char *after = buffer_text(&writer->after);
    append(writer, " | ");
    if (change->before && change->after && strcmp(before, after) != 0) {
        quote(writer->out, before);
        append(writer, " ➡️ ");
        quote(writer->out, after);
    } else {
        quote(writer->out, change->after ? after : before);
    }
}

/* " (+16)", " (-3 bits)", " (+16 and 1 bit)". */
static void append_distance(struct change_writer *writer, const struct member_change *change)
{
    int64_t distance = member_change_distance(change);
    uint64_t magnitude = distance < 0 ? -(uint64_t)distance : (uint64_t)distance;
    uint64_t bytes = magnitude / BITS_PER_BYTE;
    uint64_t bits = magnitude % BITS_PER_BYTE;

    append(writer, distance < 0 ? " (-" : " (+");
    if (bytes > 0)
        buffer_append_format(writer->out, "%" PRIu64 "%s", bytes, bits > 0 ? " and " : "");
    if (bits > 0)
        buffer_append_format(writer->out, "%" PRIu64 " %s", COUNTED(bits, "bit"));
    append(writer, ")");
}

static void append_kinds(struct change_writer *writer, const struct member_change *change)
{
    append(writer, "| ");
    change_kinds_append(writer->out, change->kinds);
    if (change->kinds & CHANGE_NESTING) {
        append(writer, " (");
        append_nesting(writer, change->before->nesting);
        append(writer, " ➡️ ");
        append_nesting(writer, change->after->nesting);
        append(writer, ")");
    }
    append_hint(writer, change);
}

static void append_row(struct change_writer *writer, const struct member_change *change)
{
    const struct member_path *path = change->after ? change->after : change->before;

    append_kinds(writer, change);
    append(writer, " | ");
    markdown_append_code(writer->out, path->path);
    append_cell(writer, change, append_offset, buffer_append_text);
    if (change->kinds & CHANGE_MOVED)
        append_distance(writer, change);
    writer->tells_units = (change->kinds & CHANGE_RESIZED) != 0;
    append_cell(writer, change, append_size, buffer_append_text);
    append_cell(writer, change, append_type, markdown_append_code);
    append(writer, " |\n");
}

static void append_range(struct change_writer *writer, const struct layout *layout,
                         const struct member_path *first, const struct member_path *last)
{
    append_offset(writer, writer->out, layout, first);
    if (first->member->bit_offset == last->member->bit_offset)
        return;
    append(writer, "…");
    append_offset(writer, writer->out, layout, last);
}

/* The row of members FIRST to LAST, which changed in the same way. */
static void append_run(struct change_writer *writer, uint32_t first, uint32_t last)
{
    const struct member_change *changes = writer->comparison->changes;
    const struct member_change *from = &changes[first];
    const struct member_change *to = &changes[last];

    append_kinds(writer, from);
    append(writer, " | ");
    markdown_append_code(writer->out, from->after->path);
    append(writer, last - first == 1 ? " and " : " to ");
    markdown_append_code(writer->out, to->after->path);
    if (last - first > 1)
        buffer_append_format(writer->out, ", %" PRIu32 " members", last - first + 1);
    append(writer, " | ");
    append_range(writer, writer->comparison->before, from->before, to->before);
    if (from->kinds & CHANGE_MOVED) {
        append(writer, " ➡️ ");
        append_range(writer, writer->comparison->after, from->after, to->after);
        append_distance(writer, from);
    }
    append(writer, " | | |\n");
}

/* Are both nested otherwise, in the same way, and moved by the same distance if at all? */
static bool are_renested_alike(const struct member_change *a, const struct member_change *b)
{
    return a->kinds == b->kinds && (a->kinds | CHANGE_MOVED) == (CHANGE_MOVED | CHANGE_NESTING) &&
           (a->kinds & CHANGE_NESTING) && strcmp(a->before->nesting, b->before->nesting) == 0 &&
           strcmp(a->after->nesting, b->after->nesting) == 0 &&
           member_change_distance(a) == member_change_distance(b);
}

/* The index behind the changes from INDEX on that are the same but for the member. */
static uint32_t find_run_end(const struct layout_comparison *comparison, uint32_t index)
{
    const struct member_change *changes = comparison->changes;
    uint32_t end = layout_comparison_run_end(comparison, index);

    while (end < comparison->change_count && are_renested_alike(&changes[index], &changes[end]))
        end++;
    return end;
}

void change_table_append(struct buffer *out, const struct layout_comparison *comparison)
{
    struct change_writer writer = {
        .comparison = comparison,
        .out = out,
        .knows_sizes = comparison->change_count > 0 && !comparison->before->lacks_member_sizes &&
                       !comparison->after->lacks_member_sizes,
    };

    if (comparison->change_count == 0)
        return;
    buffer_init(&writer.before, TEXT_MAXIMUM);
    buffer_init(&writer.after, TEXT_MAXIMUM);
    append(&writer, comparison->after->enumerator_count > 0
                        ? "| Change | Enumerator | Value | | |\n|---|---|---|---|---|\n"
                        : "| Change | Member | Offset | Size | Type |\n|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < comparison->change_count;) {
        uint32_t end = find_run_end(comparison, i);
        if (end - i > 1)
            append_run(&writer, i, end - 1);
        else
            append_row(&writer, &comparison->changes[i]);
        i = end;
    }
    buffer_deinit(&writer.before);
    buffer_deinit(&writer.after);
}
