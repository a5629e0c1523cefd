/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/counted.h"
#include "model/kernel/image.h"
#include "report/write/c/declarator.h"
#include "report/write/module_names.h"
#include "report/write/place.h"

enum { CELL_MAXIMUM = 16 * 1024 * 1024 };

/* Of more changes it is not looked for echoes, which takes time by their square. */
enum { ECHO_CHANGES_MAXIMUM = 4096 };

struct row_maker {
    const struct layout_comparison *comparison;
    struct arena *arena;
    struct buffer cell;
};

/* Takes the text of the cell that was made. */
static struct error *take_cell(struct row_maker *maker, const char **cell_ret)
{
    TRY(buffer_check(&maker->cell, maker->comparison->after->name));
    *cell_ret = arena_copy_text(maker->arena, buffer_text(&maker->cell), maker->cell.length);
    buffer_clear(&maker->cell);
    return *cell_ret ? NULL : error_out_of_memory();
}

static struct error *make_place(struct row_maker *maker, const struct layout *layout,
                                const struct member_path *path, const char **cell_ret)
{
    if (path && path->kind == PATH_ENUMERATOR)
        enumerator_append_value(&maker->cell, path->enumerator);
    else if (path && path->kind == PATH_MEMBER && layout_has_places(layout))
        place_append(&maker->cell, path->member->bit_offset, path->member->bitfield_size > 0,
                     false);
    return take_cell(maker, cell_ret);
}

static bool has_size(const struct layout *layout, const struct member_path *path)
{
    return path && path->kind == PATH_MEMBER &&
           (path->member->bitfield_size || !layout->lacks_member_sizes);
}

static void append_size(struct buffer *out, const struct member_path *path)
{
    uint32_t bits = path->member->bitfield_size;

    if (bits)
        buffer_append_format(out, "%" PRIu32 " %s", COUNTED(bits, "bit"));
    else
        buffer_append_format(out, "%" PRIu64, path->member->byte_size);
}

static struct error *make_size(struct row_maker *maker, const struct member_change *change,
                               const char **cell_ret)
{
    bool has_before = has_size(maker->comparison->before, change->before);
    bool has_after = has_size(maker->comparison->after, change->after);
    bool differs = (change->kinds & (CHANGE_RESIZED | CHANGE_WIDTH)) != 0;

    /* The size before is not that of a later declaration. */
    if (has_before && ((differs && has_after) || !change->after))
        append_size(&maker->cell, change->before);
    if (has_before && has_after && differs)
        buffer_append_text(&maker->cell, " -> ");
    if (has_after)
        append_size(&maker->cell, change->after);
    return take_cell(maker, cell_ret);
}

static struct error *make_declaration(struct row_maker *maker, const struct layout *layout,
                                      const struct member_path *path, const char **cell_ret)
{
    const struct layout_member *member = path->member;
    bool is_last =
        member != layout->members && member + 1 == layout->members + layout->member_count;

    if (path->kind == PATH_ENUMERATOR) {
        buffer_append_text(&maker->cell, path->path);
        return take_cell(maker, cell_ret);
    }
    TRY(declaration_append(&maker->cell, member->type, path->path,
                           is_last ? DECLARATOR_FLEXIBLE : DECLARATOR_ZERO_LENGTH));
    if (member->bitfield_size)
        buffer_append_format(&maker->cell, " : %" PRIu32, member->bitfield_size);
    return take_cell(maker, cell_ret);
}

static const char *hint_text(const struct member_change *change)
{
    bool is_removed = (change->kinds & CHANGE_REMOVED) != 0;

    switch (change->hint) {
    case HINT_RENAMED: return is_removed ? "renamed? now" : "renamed? was";
    case HINT_MOVED: return is_removed ? "moved? now" : "moved? was";
    case HINT_EMBEDDED: return is_removed ? "moved? now in" : "moved? was in";
    case HINT_NONE: break;
    }
    return "";
}

static struct error *make_single(struct row_maker *maker, const struct member_change *change,
                                 struct difference_row *row)
{
    const struct layout_comparison *comparison = maker->comparison;
    const struct layout *layout = change->after ? comparison->after : comparison->before;

    TRY(make_size(maker, change, &row->size));
    TRY(make_declaration(maker, layout, change->after ? change->after : change->before,
                         &row->member));
    if (change->kinds & (CHANGE_TYPE | CHANGE_WIDTH))
        TRY(make_declaration(maker, comparison->before, change->before, &row->was));
    row->hint = hint_text(change);
    row->hint_path = change->hint_path ? change->hint_path : "";
    row->hint_struct = change->hint_struct ? change->hint_struct : "";
    change_kinds_append(&maker->cell, change->kinds);
    return take_cell(maker, &row->words);
}

static struct error *make_run(struct row_maker *maker, const struct member_change *first,
                              const struct member_change *last, struct difference_row *row)
{
    int64_t distance = member_change_distance(first);
    uint64_t bits = distance < 0 ? -(uint64_t)distance : (uint64_t)distance;
    bool is_whole = bits % BITS_PER_BYTE == 0;

    row->member = first->after->path;
    row->last_member = last->after->path;
    buffer_append_format(&maker->cell, "moved by %c%" PRIu64 "%s", distance < 0 ? '-' : '+',
                         is_whole ? bits / BITS_PER_BYTE : bits,
                         is_whole    ? ""
                         : bits == 1 ? " bit"
                                     : " bits");
    return take_cell(maker, &row->words);
}

static struct error *make_row(struct row_maker *maker, uint32_t index, uint32_t end,
                              struct difference_row *row)
{
    const struct member_change *change = &maker->comparison->changes[index];

    *row = (struct difference_row){
        .sign = fate_texts[fate_of_member(change->kinds)].sign,
        .run_count = end - index,
        .size = "",
        .was = "",
        .hint = "",
        .hint_path = "",
        .hint_struct = "",
        .last_member = "",
    };
    TRY(make_place(maker, maker->comparison->before, change->before, &row->before));
    TRY(make_place(maker, maker->comparison->after, change->after, &row->after));
    if (row->run_count > 1)
        return make_run(maker, change, &maker->comparison->changes[end - 1], row);
    return make_single(maker, change, row);
}

static const struct member_path *path_of(const struct member_change *change)
{
    return change->after ? change->after : change->before;
}

/* How many bytes of a path lead to the struct that it is in, with the dot; 0: to none. */
static size_t prefix_length(const struct member_change *change)
{
    const char *dot = strchr(path_of(change)->path, '.');

    return dot ? (size_t)(dot + 1 - path_of(change)->path) : 0;
}

static bool have_same_place(const struct member_path *a, const struct member_path *b)
{
    return a && b ? a->member->bit_offset == b->member->bit_offset : !a && !b;
}

/* Does CHANGE, but for the first PREFIX bytes of its path, say the same as OTHER? */
static bool is_echo(const struct member_change *change, size_t prefix,
                    const struct member_change *other)
{
    return strcmp(path_of(change)->path + prefix, path_of(other)->path) == 0 &&
           change->kinds == other->kinds && have_same_place(change->before, other->before) &&
           have_same_place(change->after, other->after);
}

/* The kernel's struct_group() declares members twice: by themselves and in a named struct at the
 * same place. The index after the last change, from INDEX on, that only echoes one told before;
 * INDEX if all of a struct's changes are not that. */
static uint32_t echo_end(const struct layout_comparison *comparison, uint32_t index)
{
    const struct member_change *changes = comparison->changes;
    const char *path = path_of(&changes[index])->path;
    size_t prefix = prefix_length(&changes[index]);
    uint32_t original = 0;
    uint32_t end = index;

    if (prefix == 0 || comparison->change_count > ECHO_CHANGES_MAXIMUM)
        return index;
    while (original < index && !is_echo(&changes[index], prefix, &changes[original]))
        original++;
    while (end < comparison->change_count && prefix_length(&changes[end]) == prefix &&
           memcmp(path_of(&changes[end])->path, path, prefix) == 0) {
        if (original == index || !is_echo(&changes[end], prefix, &changes[original++]))
            return index;
        end++;
    }
    return end - index > 1 ? end : index;
}

static void make_echo(const struct layout_comparison *comparison, uint32_t index, uint32_t end,
                      struct difference_row *row)
{
    const struct member_change *changes = comparison->changes;

    *row = (struct difference_row){
        .sign = '=',
        .before = "",
        .after = "",
        .size = "",
        .member = path_of(&changes[index])->path,
        .words = "the same as above",
        .was = "",
        .hint = "",
        .hint_path = "",
        .hint_struct = "",
        .run_count = end - index,
        .last_member = path_of(&changes[end - 1])->path,
    };
}

static struct error *make_rows(struct row_maker *maker, struct difference_rows *rows)
{
    const struct layout_comparison *comparison = maker->comparison;

    rows->rows =
        arena_allocate(maker->arena, (size_t)comparison->change_count + 1, sizeof(*rows->rows));
    if (!rows->rows)
        return error_out_of_memory();
    for (uint32_t i = 0; i < comparison->change_count;) {
        struct difference_row *row = &rows->rows[rows->count++];
        uint32_t end = echo_end(comparison, i);
        if (end > i) {
            make_echo(comparison, i, end, row);
        } else {
            end = layout_comparison_run_end(comparison, i);
            TRY(make_row(maker, i, end, row));
        }
        i = end;
    }
    return NULL;
}

struct error *difference_rows_make(const struct definition_change *change, struct arena *arena,
                                   struct difference_rows *rows_ret)
{
    struct row_maker maker = {.comparison = &change->comparison, .arena = arena};
    struct difference_rows rows = {0};

    buffer_init(&maker.cell, CELL_MAXIMUM);
    struct error *error = error_locate(make_rows(&maker, &rows), change->name);
    buffer_deinit(&maker.cell);
    if (!error)
        *rows_ret = rows;
    return error;
}

static void append_bits(struct buffer *out, uint64_t bits)
{
    buffer_append_format(out, "%" PRIu64, bits / BITS_PER_BYTE);
    if (bits % BITS_PER_BYTE)
        buffer_append_format(out, ":%" PRIu64, bits % BITS_PER_BYTE);
}

/* Each of these begins with *SEPARATOR and sets it to what is between two of them. */
static void append_byte_sizes(struct buffer *out, const char **separator,
                              const struct definition_change *change)
{
    const struct layout *after = change->after.layout;
    const struct layout *first = change->before.layout;

    if (change->fate == FATE_ADDED)
        first = after;
    if (!layout_has_byte_size(first) || (after && !layout_has_byte_size(after)))
        return;
    buffer_append_format(out, "%s%" PRIu64, *separator, first->byte_size);
    if (after && first->byte_size != after->byte_size)
        buffer_append_format(out, " -> %" PRIu64, after->byte_size);
    buffer_append_text(out, " bytes");
    *separator = "; ";
}

static void append_waste(struct buffer *out, const char **separator, const char *word,
                         uint64_t before, uint64_t after)
{
    if (before == after)
        return;
    buffer_append_format(out, "%s%s ", *separator, word);
    append_bits(out, before);
    buffer_append_text(out, " -> ");
    append_bits(out, after);
    *separator = "; ";
}

void difference_append_sizes(struct buffer *out, const char *prefix,
                             const struct definition_change *change)
{
    const struct layout_waste *before = &change->before.waste;
    const struct layout_waste *after = &change->after.waste;

    append_byte_sizes(out, &prefix, change);
    if (before->is_known && after->is_known) {
        append_waste(out, &prefix, "holes", before->hole_bits, after->hole_bits);
        append_waste(out, &prefix, "padding", before->padding_bits, after->padding_bits);
    }
    if (definition_change_is_in_both(change) && change->comparison.kinds & CHANGE_ORDER)
        buffer_append_format(out, "%s%s reordered", prefix,
                             change->after.layout->enumerator_count > 0 ? "enumerators"
                                                                        : "members");
}

static void append_place(struct buffer *out, const struct history_place *place)
{
    buffer_append_text(out, place->file);
    if (place->line > 0)
        buffer_append_format(out, ":%" PRIu32, place->line);
}

static bool is_recorded(const struct history_place *place)
{
    return place->file && place->file[0] != '\0';
}

/* Some packages are built in a directory of their own: its name in front says nothing. */
static bool are_same_file(const char *a, const char *b)
{
    const char *longer = strlen(a) > strlen(b) ? a : b;
    const char *shorter = longer == a ? b : a;
    size_t rest = strlen(longer) - strlen(shorter);

    return strcmp(longer + rest, shorter) == 0 && (rest == 0 || longer[rest - 1] == '/');
}

void difference_append_places(struct buffer *out, const struct definition_change *change)
{
    const struct history_place *before = &change->before.place;
    const struct history_place *after = &change->after.place;

    if (!is_recorded(after)) {
        if (is_recorded(before))
            append_place(out, before);
        return;
    }
    append_place(out, after);
    if (is_recorded(before) && !are_same_file(before->file, after->file)) {
        buffer_append_text(out, " (was ");
        append_place(out, before);
        buffer_append_char(out, ')');
    }
}

static void append_image(struct buffer *out, const struct history_modules *modules)
{
    if (modules->count == 0)
        buffer_append_text(out, VMLINUX_IMAGE);
    module_names_append(out, ESCAPE_NOTHING_MORE, modules);
}

void difference_append_images(struct buffer *out, const struct definition_change *change)
{
    const struct history_modules *before = &change->before.modules;
    const struct history_modules *after =
        change->after.layout ? &change->after.modules : &change->before.modules;

    if (!change->before.layout)
        before = after;
    if (before->count == 0 && after->count == 0)
        return;
    buffer_append_text(out, ", ");
    append_image(out, after);
    if (history_modules_are_equal(before, after))
        return;
    buffer_append_text(out, " (was ");
    append_image(out, before);
    buffer_append_char(out, ')');
}

void difference_append_further(struct buffer *out, const struct definition_change *change)
{
    size_t before = change->before.further_count + 1;
    size_t after = change->after.further_count + 1;

    if (!change->after.layout)
        after = before;
    if (!change->before.layout)
        before = after;
    if (before == 1 && after == 1)
        return;
    buffer_append_format(out, "%s of this name: %zu", definition_kind_texts[change->kind].plural,
                         before);
    if (before != after)
        buffer_append_format(out, " -> %zu", after);
    buffer_append_text(out, ", the first is compared");
}

void difference_append_counts(struct buffer *out, const size_t counts[FATE_COUNT])
{
    const char *separator = "";

    for (size_t i = 0; i < FATE_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        buffer_append_format(out, "%s%c%zu", separator, fate_texts[i].sign, counts[i]);
        separator = " ";
    }
}
