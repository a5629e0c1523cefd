/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "report/offsets/offset_writer.h"
#include "report/write/escape.h"
#include "report/write/place.h"

enum { BITS_PER_BYTE = 8, CELL_MAXIMUM = 4 * 1024 * 1024, GAP = 2 };

enum column { COLUMN_KERNELS, COLUMN_OFFSET, COLUMN_HEX, COLUMN_SIZE, COLUMN_TYPE, COLUMN_COUNT };

/* A block in the making. */
struct block {
    const struct offset_input *input;
    const struct offset_row *row;
    size_t widths[COLUMN_COUNT];
    bool has_values; /* the row is of an enumerator */
    struct buffer cell;
    struct buffer *out;
};

/* Kernels with one answer. */
struct run {
    size_t first;
    size_t end;
};

static const struct offset_kernel *kernel_at(const struct block *block, size_t shown_index)
{
    return &block->input->kernels[block->input->shown[shown_index]];
}

/* The run that begins at FIRST. It does not go on into another line of development, where the
 * name of its last kernel would say nothing about those between, unless it has all kernels. */
static struct run find_run(const struct block *block, size_t first)
{
    struct run run = {first, offset_row_run_end(block->row, first, block->input->shown_count)};

    if (first == 0 && run.end == block->input->shown_count)
        return run;
    for (size_t i = first + 1; i < run.end; i++) {
        if (!offset_kernels_are_related(kernel_at(block, i - 1), kernel_at(block, i)))
            run.end = i;
    }
    return run;
}

static void append_kernels(struct block *block, struct run run)
{
    size_t count = run.end - run.first;

    if (count > 1 && count == block->input->shown_count) {
        buffer_append_format(&block->cell, "all %zu kernels", count);
        return;
    }
    escape_append(&block->cell, ESCAPE_NOTHING_MORE, kernel_at(block, run.first)->name);
    if (count == 1)
        return;
    buffer_append_text(&block->cell, " … ");
    escape_append(&block->cell, ESCAPE_NOTHING_MORE, kernel_at(block, run.end - 1)->name);
    buffer_append_format(&block->cell, " (%zu)", count);
}

static void append_size(struct buffer *cell, const struct offset_place *place)
{
    if (place->bitfield_size)
        buffer_append_format(cell, "%" PRIu32 " %s", COUNTED(place->bitfield_size, "bit"));
    else if (place->has_byte_size)
        buffer_append_format(cell, "%" PRIu64, place->byte_size);
    else
        buffer_append_char(cell, '?');
}

static void append_offset(struct buffer *cell, const struct offset_place *place, bool is_hex)
{
    if (place->enumerator)
        enumerator_append_value(cell, place->enumerator);
    else if (place->has_bit_offset)
        place_append(cell, place->bit_offset, place->bitfield_size > 0, is_hex);
    else
        buffer_append_char(cell, '?');
}

static void make_cell(struct block *block, struct run run, enum column column)
{
    const struct offset_place *place = &block->row->answers[run.first].place;

    buffer_clear(&block->cell);
    switch (column) {
    case COLUMN_KERNELS: append_kernels(block, run); break;
    case COLUMN_OFFSET: append_offset(&block->cell, place, false); break;
    case COLUMN_HEX: append_offset(&block->cell, place, true); break;
    case COLUMN_SIZE: append_size(&block->cell, place); break;
    default: escape_append(&block->cell, ESCAPE_NOTHING_MORE, type_text(place->type));
    }
}

/* Characters; all of a name's are one column wide on a terminal. */
static size_t width_of(const struct buffer *cell)
{
    size_t width = 0;

    for (size_t i = 0; i < cell->length; i++)
        width += ((unsigned char)cell->data[i] & 0xc0) != 0x80;
    return width;
}

/* Of the definition itself there is nothing but a size, and of an enumerator but a value. */
static bool has_column(const struct block *block, enum column column)
{
    if (block->has_values)
        return column == COLUMN_KERNELS || column == COLUMN_OFFSET;
    return block->row->path[0] != '\0' || column == COLUMN_KERNELS || column == COLUMN_SIZE;
}

static void append_cell(struct block *block, enum column column)
{
    size_t width = width_of(&block->cell);
    size_t blanks = block->widths[column] > width ? block->widths[column] - width : 0;
    bool is_left = column == COLUMN_KERNELS || column == COLUMN_TYPE;

    buffer_append_format(block->out, "%*s", GAP + (is_left ? 0 : (int)blanks), "");
    buffer_append_text(block->out, buffer_text(&block->cell));
    if (column == COLUMN_KERNELS)
        buffer_append_format(block->out, "%*s", (int)blanks, "");
}

static void append_headings(struct block *block)
{
    static const char *const headings[] = {
        [COLUMN_KERNELS] = "kernels", [COLUMN_OFFSET] = "offset", [COLUMN_HEX] = "hex",
        [COLUMN_SIZE] = "size",       [COLUMN_TYPE] = "type",
    };

    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        if (!has_column(block, column))
            continue;
        buffer_clear(&block->cell);
        buffer_append_text(&block->cell, block->has_values && column == COLUMN_OFFSET
                                             ? "value"
                                             : headings[column]);
        if (block->widths[column] < block->cell.length)
            block->widths[column] = block->cell.length;
        append_cell(block, column);
    }
    buffer_append_char(block->out, '\n');
}

static void measure(struct block *block)
{
    struct run run = {0, 0};

    for (; run.end < block->input->shown_count;) {
        run = find_run(block, run.end);
        bool is_found = block->row->answers[run.first].place.status == OFFSET_FOUND;
        for (enum column column = 0; column < COLUMN_COUNT; column++) {
            if (!has_column(block, column) || (column != COLUMN_KERNELS && !is_found))
                continue;
            make_cell(block, run, column);
            size_t width = width_of(&block->cell);
            if (block->widths[column] < width)
                block->widths[column] = width;
        }
    }
}

/* "absent (renamed? real_start_time at 1888)" */
static void append_absence(struct block *block, const struct offset_answer *answer)
{
    const struct offset_hint *hint = &answer->hint;
    const struct offset_place place = {.has_bit_offset = true, .bit_offset = hint->bit_offset};

    buffer_append_format(block->out, "%*s%s (", GAP, "",
                         answer->place.status == OFFSET_UNKNOWN ? "unknown" : "absent");
    if (hint->kind == HINT_NONE) {
        escape_append(block->out, ESCAPE_NOTHING_MORE, answer->place.reason);
    } else {
        buffer_append_format(block->out, "%s? ", change_hint_key(hint->kind));
        escape_append(block->out, ESCAPE_NOTHING_MORE, hint->path);
    }
    if (hint->kind != HINT_NONE && hint->has_bit_offset) {
        buffer_append_text(block->out, " at ");
        append_offset(block->out, &place, false);
    }
    buffer_append_char(block->out, ')');
}

static void append_runs(struct block *block)
{
    struct run run = {0, 0};

    while (run.end < block->input->shown_count) {
        run = find_run(block, run.end);
        const struct offset_answer *answer = &block->row->answers[run.first];
        bool is_found = answer->place.status == OFFSET_FOUND;
        for (enum column column = 0; column < COLUMN_COUNT; column++) {
            if (!has_column(block, column) || (column != COLUMN_KERNELS && !is_found))
                continue;
            make_cell(block, run, column);
            append_cell(block, column);
        }
        if (!is_found)
            append_absence(block, answer);
        buffer_append_char(block->out, '\n');
    }
}

static struct error *append_block(const struct offset_writer *writer,
                                  const struct offset_table *table, const struct offset_row *row,
                                  struct buffer *out)
{
    struct block block = {.input = writer->input, .row = row, .out = out};

    for (size_t i = 0; i < writer->input->shown_count; i++)
        block.has_values |= row->answers[i].place.enumerator != NULL;
    buffer_init(&block.cell, CELL_MAXIMUM);
    if (table->kind != DEFINITION_STRUCT)
        buffer_append_text(out, definition_kind_texts[table->kind].prefix);
    escape_append(out, ESCAPE_NOTHING_MORE, table->definition_name);
    if (row->path[0] != '\0')
        buffer_append_char(out, '.');
    escape_append(out, ESCAPE_NOTHING_MORE, row->path);
    buffer_append_char(out, '\n');
    measure(&block);
    append_headings(&block);
    append_runs(&block);
    struct error *error = buffer_check(&block.cell, table->definition_name);
    buffer_deinit(&block.cell);
    return error ? error : buffer_check(out, table->definition_name);
}

static struct error *append(const struct offset_writer *writer, const struct offset_table *table,
                            bool with_size, struct buffer *out)
{
    bool is_first = writer->table_count == 0;

    for (size_t i = with_size ? 0 : 1; i <= table->row_count; i++) {
        if (!is_first)
            buffer_append_char(out, '\n');
        TRY(append_block(writer, table, i == 0 ? &table->size : &table->rows[i - 1], out));
        is_first = false;
    }
    return NULL;
}

static struct error *nothing(const struct offset_writer *writer UNUSED, struct buffer *out UNUSED)
{
    return NULL;
}

const struct offset_format offset_format_text = {
    .word = "text",
    .begin = nothing,
    .append = append,
    .end = nothing,
};
