/* SPDX-License-Identifier: MIT */
#include "report/pages/change_table.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/counted.h"
#include "report/compare/holes.h"
#include "report/write/c/declarator.h"
#include "report/write/known_number.h"
#include "report/write/markdown.h"
#include "report/write/place.h"
#include "report/write/table/table.h"

/* A type's text has its own, smaller limit; in C's notation it is not twice as long. */
enum { TEXT_MAXIMUM = TYPE_TEXT_MAXIMUM * 2 };

void change_table_append_counts(struct buffer *out, const struct layout_comparison *comparison)
{
    const char *separator = "";

    for (size_t kind_number = 0; kind_number < CHANGE_KIND_COUNT; kind_number++) {
        unsigned kind = change_kind_texts[kind_number].kind;
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
static void append_nesting(struct buffer *out, const char *nesting)
{
    size_t length = strlen(nesting);

    if (length == 0)
        buffer_append_text(out, "none");
    for (size_t i = length; i-- > 0;) {
        buffer_append_text(out, nesting[i] == 'u' ? "union" : "struct");
        buffer_append_text(out, i > 0 ? " in " : "");
    }
}

static void append_hint(struct buffer *out, const struct member_change *change)
{
    if (change->hint == HINT_NONE)
        return;
    buffer_append_text(out, "; ");
    buffer_append_text(out, change_hint_phrase(change->hint, change->after == NULL));
    markdown_append_code(out, change->hint_path);
    if (change->hint_struct) {
        buffer_append_text(out, " of struct ");
        markdown_append_code(out, change->hint_struct);
    }
    buffer_append_char(out, '?');
}

static void append_offset(struct buffer *out, const struct layout *layout,
                          const struct member_path *path, bool tells_units UNUSED)
{
    const struct layout_member *member = path->member;

    if (path->kind == PATH_ENUMERATOR)
        enumerator_append_value(out, path->enumerator);
    else if (path->kind == PATH_MEMBER && !layout_has_places(layout))
        buffer_append_char(out, '?');
    else if (path->kind == PATH_MEMBER)
        place_append(out, member->bit_offset, member->bitfield_size > 0, false);
}

/* TELLS_UNITS: the sizes of bit-fields' types, too. */
static void append_size(struct buffer *out, const struct layout *layout,
                        const struct member_path *path, bool tells_units)
{
    const struct layout_member *member = path->member;

    if (path->kind != PATH_MEMBER)
        return;
    if (member->bitfield_size)
        buffer_append_format(out, "%" PRIu32 " %s", COUNTED(member->bitfield_size, "bit"));
    if (member->bitfield_size && tells_units)
        buffer_append_text(out, " of ");
    if (!member->bitfield_size || tells_units)
        known_number_append(out, !layout->lacks_member_sizes, member->byte_size);
}

static void append_type(struct buffer *out, const struct layout *layout UNUSED,
                        const struct member_path *path, bool tells_units UNUSED)
{
    if (path->kind != PATH_ENUMERATOR)
        declarator_append_type(out, path->member->type);
}

typedef void append_function(struct buffer *out, const struct layout *layout,
                             const struct member_path *path, bool tells_units);

/* What APPEND_ONE says of the member: once if it is the same on both sides. */
static void append_sides(const struct layout_comparison *comparison,
                         const struct member_change *change, append_function *append_one,
                         void (*quote)(struct buffer *, const char *), struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer before;
    CLEANUP(buffer_deinit) struct buffer after;
    bool tells_units = change->kinds & CHANGE_RESIZED;

    buffer_init(&before, TEXT_MAXIMUM);
    buffer_init(&after, TEXT_MAXIMUM);
    if (change->before)
        append_one(&before, comparison->before, change->before, tells_units);
    if (change->after)
        append_one(&after, comparison->after, change->after, tells_units);
    buffer_take_failure(out, &before);
    buffer_take_failure(out, &after);
    if (change->before && change->after && strcmp(buffer_text(&before), buffer_text(&after)) != 0) {
        quote(out, buffer_text(&before));
        buffer_append_text(out, " ➡️ ");
    }
    quote(out, buffer_text(change->after ? &after : &before));
}

/* " (+16)", " (-3 bits)", " (+16 and 1 bit)". */
static void append_distance(struct buffer *out, const struct member_change *change)
{
    int64_t distance = member_change_distance(change);
    uint64_t magnitude = distance < 0 ? -(uint64_t)distance : (uint64_t)distance;
    uint64_t bytes = magnitude / BITS_PER_BYTE;
    uint64_t bits = magnitude % BITS_PER_BYTE;

    buffer_append_text(out, distance < 0 ? " (-" : " (+");
    if (bytes > 0)
        buffer_append_format(out, "%" PRIu64 "%s", bytes, bits > 0 ? " and " : "");
    if (bits > 0)
        buffer_append_format(out, "%" PRIu64 " %s", COUNTED(bits, "bit"));
    buffer_append_char(out, ')');
}

static void append_range(struct buffer *out, const struct layout *layout,
                         const struct member_path *first, const struct member_path *last)
{
    append_offset(out, layout, first, false);
    if (first->member->bit_offset == last->member->bit_offset)
        return;
    buffer_append_text(out, "…");
    append_offset(out, layout, last, false);
}

/* Are both nested otherwise, in the same way, and moved by the same distance if at all? */
static bool are_renested_alike(const struct member_change *a, const struct member_change *b)
{
    return a->kinds == b->kinds && (a->kinds | CHANGE_MOVED) == (CHANGE_MOVED | CHANGE_NESTING) &&
           (a->kinds & CHANGE_NESTING) && strcmp(a->before->nesting, b->before->nesting) == 0 &&
           strcmp(a->after->nesting, b->after->nesting) == 0 &&
           member_change_distance(a) == member_change_distance(b);
}

/* The number after the changes from ROW on that are the same but for the member. */
static size_t find_run_end(const struct table *table, size_t row)
{
    const struct layout_comparison *comparison = table->rows;
    uint32_t end = layout_comparison_run_end(comparison, (uint32_t)row);

    while (end < comparison->change_count &&
           are_renested_alike(&comparison->changes[row], &comparison->changes[end]))
        end++;
    return end;
}

static void append_kinds(struct buffer *out, const struct member_change *change)
{
    change_kinds_append(out, change->kinds);
    if (change->kinds & CHANGE_NESTING) {
        buffer_append_text(out, " (");
        append_nesting(out, change->before->nesting);
        buffer_append_text(out, " ➡️ ");
        append_nesting(out, change->after->nesting);
        buffer_append_char(out, ')');
    }
    append_hint(out, change);
}

enum { COLUMN_CHANGE, COLUMN_MEMBER, COLUMN_OFFSET, COLUMN_SIZE, COLUMN_TYPE, COLUMN_COUNT };

/* The cells of the members FIRST to LAST, which changed in the same way. */
static void fill_run(const struct layout_comparison *comparison, const struct member_change *first,
                     const struct member_change *last, struct table_cell *cells)
{
    struct buffer *member = table_cell_show(&cells[COLUMN_MEMBER]);
    struct buffer *offset = table_cell_show(&cells[COLUMN_OFFSET]);

    markdown_append_code(member, first->after->path);
    buffer_append_text(member, last - first == 1 ? " and " : " to ");
    markdown_append_code(member, last->after->path);
    if (last - first > 1)
        buffer_append_format(member, ", %td members", last - first + 1);
    append_range(offset, comparison->before, first->before, last->before);
    if (first->kinds & CHANGE_MOVED) {
        buffer_append_text(offset, " ➡️ ");
        append_range(offset, comparison->after, first->after, last->after);
    }
}

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct layout_comparison *comparison = table->rows;
    const struct member_change *change = &comparison->changes[row];
    size_t end = find_run_end(table, row);

    append_kinds(table_cell_show(&cells[COLUMN_CHANGE]), change);
    if (end - row > 1) {
        fill_run(comparison, change, &comparison->changes[end - 1], cells);
    } else {
        markdown_append_code(table_cell_show(&cells[COLUMN_MEMBER]),
                             (change->after ? change->after : change->before)->path);
        append_sides(comparison, change, append_offset, buffer_append_text,
                     table_cell_show(&cells[COLUMN_OFFSET]));
        append_sides(comparison, change, append_size, buffer_append_text,
                     table_cell_show(&cells[COLUMN_SIZE]));
        append_sides(comparison, change, append_type, markdown_append_code,
                     table_cell_show(&cells[COLUMN_TYPE]));
    }
    if (change->kinds & CHANGE_MOVED)
        append_distance(&cells[COLUMN_OFFSET].shown, change);
}

static const struct table_column member_columns[COLUMN_COUNT] = {
    {NULL, "Change", ALIGN_LEFT}, {NULL, "Member", ALIGN_LEFT}, {NULL, "Offset", ALIGN_LEFT},
    {NULL, "Size", ALIGN_LEFT},   {NULL, "Type", ALIGN_LEFT},
};

static const struct table_column enumerator_columns[COLUMN_COUNT] = {
    {NULL, "Change", ALIGN_LEFT}, {NULL, "Enumerator", ALIGN_LEFT}, {NULL, "Value", ALIGN_LEFT},
    {NULL, "", ALIGN_LEFT},       {NULL, "", ALIGN_LEFT},
};

void change_table_append(struct buffer *out, const struct layout_comparison *comparison)
{
    bool is_enum = comparison->after->enumerator_count > 0;
    const struct table table = {
        .rows = comparison,
        .row_count = comparison->change_count,
        .fill = fill_row,
        .row_end = find_run_end,
        .column_count = COLUMN_COUNT,
        .columns = is_enum ? enumerator_columns : member_columns,
    };

    if (comparison->change_count > 0)
        table_append_markdown(&table, out);
}
