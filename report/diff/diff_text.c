/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_text.h"

#include <string.h>

#include "base/text/counted.h"
#include "model/text/escape.h"
#include "report/diff/diff_rows.h"
#include "report/write/c/c_text.h"

/* Members' columns are as wide as the widest cell of the struct, but for cells that are wider than
 * this: those stand out. */
enum { COLUMN_WIDTH_MAXIMUM = 40, CELL_COUNT = 4 };

static const char color_end[] = "\x1b[0m";

struct text_writer {
    const struct kernel_difference *difference;
    struct buffer *out;
    bool has_colors;
};

static const char *color_of(char sign)
{
    switch (sign) {
    case '+': return "\x1b[32m"; /* green */
    case '-': return "\x1b[31m"; /* red */
    case '~': return "\x1b[33m"; /* yellow */
    case '>': return "\x1b[36m"; /* cyan */
    default: return "\x1b[1m";   /* bold */
    }
}

static void begin_color(const struct text_writer *writer, char sign)
{
    if (writer->has_colors)
        buffer_append_text(writer->out, color_of(sign));
}

static void end_line(const struct text_writer *writer)
{
    if (writer->has_colors)
        buffer_append_text(writer->out, color_end);
    buffer_append_char(writer->out, '\n');
}

static void append(const struct text_writer *writer, const char *text)
{
    escape_append(writer->out, ESCAPE_NOTHING_MORE, text);
}

/* "--- 5.4.0-26-generic-amd64: 8422 structs, 126 unions" */
static void append_kernel(const struct text_writer *writer, const char *sign, const char *name,
                          bool is_after)
{
    const char *separator = ": ";

    begin_color(writer, 0);
    buffer_append_format(writer->out, "%s ", sign);
    append(writer, name);
    for (size_t kind = 0; kind < DEFINITION_KIND_COUNT && !writer->difference->is_selection;
         kind++) {
        const struct kind_counts *counts = &writer->difference->counts[kind];
        size_t count = is_after ? counts->after : counts->before;
        if (kind != DEFINITION_STRUCT && !kind_counts_differ(counts))
            continue;
        buffer_append_format(writer->out, "%s%zu %s", separator, count,
                             count == 1 ? definition_kind_texts[kind].singular
                                        : definition_kind_texts[kind].plural);
        separator = ", ";
    }
    end_line(writer);
}

/* "structs: 3 added, 1 removed, 20 changed" */
static void append_counts(const struct text_writer *writer, enum definition_kind kind)
{
    const struct kind_counts *counts = &writer->difference->counts[kind];

    buffer_append_format(writer->out, "%s: %zu added, %zu removed, %zu changed",
                         definition_kind_texts[kind].plural, counts->added, counts->removed,
                         counts->changed);
    if (counts->only_moved > 0)
        buffer_append_format(writer->out, " (%zu of them only moved)", counts->only_moved);
    buffer_append_char(writer->out, '\n');
}

static void append_head(const struct text_writer *writer)
{
    const struct kernel_difference *difference = writer->difference;

    append_kernel(writer, "---", difference->before_name, false);
    append_kernel(writer, "+++", difference->after_name, true);
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (kind_counts_differ(&difference->counts[kind]))
            append_counts(writer, kind);
    }
}

/* "~ struct mutex: 32 -> 40 bytes", with a line's end. */
static void append_definition_line(const struct text_writer *writer,
                                   const struct definition_change *change,
                                   enum difference_detail detail)
{
    char sign = fate_texts[change->fate].sign;

    begin_color(writer, sign);
    buffer_append_format(writer->out, "%c %s ", sign, definition_kind_texts[change->kind].singular);
    append(writer, change->name);
    difference_append_images(writer->out, change);
    difference_append_sizes(writer->out, ": ", change);
    if (detail == DIFFERENCE_LINES && change->comparison.change_count > 0) {
        buffer_append_text(writer->out, "; members ");
        difference_append_counts(writer->out, change->member_counts);
    }
    end_line(writer);
}

typedef void note_function(struct buffer *out, const struct definition_change *change);

static struct error *append_note(const struct text_writer *writer,
                                 const struct definition_change *change, note_function *append_text)
{
    CLEANUP(buffer_deinit) struct buffer note;

    buffer_init(&note, writer->out->maximum);
    append_text(&note, change);
    TRY(buffer_check(&note, change->name));
    if (note.length > 0) {
        buffer_append_text(writer->out, "    ");
        append(writer, buffer_text(&note));
        buffer_append_char(writer->out, '\n');
    }
    return NULL;
}

static bool has_moved(const struct difference_row *row)
{
    return row->before[0] != '\0' && row->after[0] != '\0' && strcmp(row->before, row->after) != 0;
}

/* What a row has in columns. A place that is still the same is told once. */
static void list_cells(const struct difference_row *row, const char *cells[CELL_COUNT])
{
    cells[0] = row->after[0] == '\0' || has_moved(row) ? row->before : "";
    cells[1] = row->after;
    cells[2] = row->size;
    cells[3] = row->run_count > 1 ? "" : row->member;
}

static void measure(const struct difference_rows *rows, int widths[CELL_COUNT])
{
    for (size_t i = 0; i < rows->count; i++) {
        const char *cells[CELL_COUNT];
        list_cells(&rows->rows[i], cells);
        for (size_t cell = 0; cell < CELL_COUNT; cell++) {
            size_t width = strlen(cells[cell]);
            if (width <= COLUMN_WIDTH_MAXIMUM && (int)width > widths[cell])
                widths[cell] = (int)width;
        }
    }
}

static void append_member(const struct text_writer *writer, const struct difference_row *row,
                          int width)
{
    size_t start = writer->out->length;

    if (row->run_count > 1) {
        buffer_append_format(writer->out, "%u members, ", row->run_count);
        append(writer, row->member);
        buffer_append_text(writer->out, " to ");
        append(writer, row->last_member);
    } else {
        append(writer, row->member);
    }
    size_t length = writer->out->length - start;
    buffer_append_format(writer->out, "%*s", length < (size_t)width ? width - (int)length : 0, "");
}

/* What follows the words goes to a line of its own where it would end up far to the right. */
static void begin_remark(const struct text_writer *writer, const int widths[CELL_COUNT],
                         bool is_wide)
{
    int indentation = 4 + widths[0] + 4 + widths[1] + 2 + widths[2] + 2;

    if (is_wide)
        buffer_append_format(writer->out, "\n%*s", indentation, "");
    else
        buffer_append_text(writer->out, "; ");
}

static void append_remarks(const struct text_writer *writer, const struct difference_row *row,
                           const int widths[CELL_COUNT])
{
    bool is_wide = strlen(row->member) > COLUMN_WIDTH_MAXIMUM;

    buffer_append_format(writer->out, "  %s", row->words);
    if (row->was[0] != '\0') {
        begin_remark(writer, widths, is_wide);
        buffer_append_text(writer->out, "was ");
        append(writer, row->was);
    }
    if (row->hint[0] == '\0')
        return;
    begin_remark(writer, widths, is_wide);
    buffer_append_format(writer->out, "%s ", row->hint);
    append(writer, row->hint_path);
    if (row->hint_struct[0] != '\0') {
        buffer_append_text(writer->out, " (struct ");
        append(writer, row->hint_struct);
        buffer_append_char(writer->out, ')');
    }
}

static void append_row(const struct text_writer *writer, const struct difference_row *row,
                       const int widths[CELL_COUNT])
{
    const char *cells[CELL_COUNT];

    list_cells(row, cells);
    begin_color(writer, row->sign);
    buffer_append_format(writer->out, "  %c %*s %s %*s  %*s  ", row->sign, widths[0], cells[0],
                         has_moved(row) ? "->" : "  ", widths[1], cells[1], widths[2], cells[2]);
    append_member(writer, row, widths[3]);
    append_remarks(writer, row, widths);
    end_line(writer);
}

static struct error *append_members(const struct text_writer *writer,
                                    const struct definition_change *change)
{
    CLEANUP(arena_deinit) struct arena scratch;
    struct difference_rows rows;
    int widths[CELL_COUNT] = {0};

    arena_init(&scratch);
    TRY(difference_rows_make(change, &scratch, &rows));
    measure(&rows, widths);
    for (size_t i = 0; i < rows.count; i++)
        append_row(writer, &rows.rows[i], widths);
    return NULL;
}

static struct error *append_definition(const struct text_writer *writer,
                                       const struct definition_change *change)
{
    bool is_added = change->fate == FATE_ADDED;
    const struct definition_side *side = is_added ? &change->after : &change->before;
    const struct definition_source source = {
        .kernel_name = is_added ? writer->difference->after_name : writer->difference->before_name,
        .declaration_file = side->place.file,
        .declaration_line = side->place.line,
        .modules = side->modules,
    };

    return definition_render(side->layout, &source, 0, writer->out);
}

static struct error *append_change(const struct text_writer *writer,
                                   const struct definition_change *change)
{
    append_definition_line(writer, change, DIFFERENCE_MEMBERS);
    if (!definition_change_is_in_both(change))
        return writer->difference->is_selection ? append_definition(writer, change) : NULL;
    TRY(append_note(writer, change, difference_append_places));
    TRY(append_note(writer, change, difference_append_further));
    return append_members(writer, change);
}

/* Structs of which there is more than a line are set apart. */
static bool is_block(const struct kernel_difference *difference, size_t index,
                     enum difference_detail detail)
{
    return detail == DIFFERENCE_MEMBERS &&
           (difference->is_selection || definition_change_is_in_both(&difference->changes[index]));
}

struct error *difference_text_render(const struct kernel_difference *difference,
                                     enum difference_detail detail, bool has_colors,
                                     struct buffer *out)
{
    const struct text_writer writer = {difference, out, has_colors};

    if (difference->change_count == 0)
        return NULL;
    append_head(&writer);
    for (size_t i = 0; i < difference->change_count; i++) {
        const struct definition_change *change = &difference->changes[i];
        if (i == 0 || is_block(difference, i, detail) || is_block(difference, i - 1, detail))
            buffer_append_char(out, '\n');
        if (detail == DIFFERENCE_LINES)
            append_definition_line(&writer, change, detail);
        else
            TRY(append_change(&writer, change));
    }
    return buffer_check(out, "the differences");
}
