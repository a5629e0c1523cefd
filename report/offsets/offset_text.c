/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "model/text/escape.h"
#include "report/offsets/offset_writer.h"
#include "report/write/place.h"
#include "report/write/table/table.h"

/* What a block's rows are: runs of the kernels shown. */
struct block {
    const struct offset_input *input;
    const struct offset_row *row;
};

static const struct offset_kernel *kernel_at(const struct block *block, size_t shown_index)
{
    return &block->input->kernels[block->input->shown[shown_index]];
}

/* The end of the run that begins at FIRST. It does not go on into another line of development,
 * where the name of its last kernel would say nothing about those between, unless it has all
 * kernels. */
static size_t find_run_end(const struct table *table, size_t first)
{
    const struct block *block = table->rows;
    size_t end = offset_row_run_end(block->row, first, block->input->shown_count);

    if (first == 0 && end == block->input->shown_count)
        return end;
    for (size_t i = first + 1; i < end; i++) {
        if (!offset_kernels_are_related(kernel_at(block, i - 1), kernel_at(block, i)))
            end = i;
    }
    return end;
}

/* The kernels from FIRST on, before END. */
static void append_kernels(struct buffer *out, const struct block *block, size_t first, size_t end)
{
    size_t count = end - first;

    if (count > 1 && count == block->input->shown_count) {
        buffer_append_format(out, "all %zu kernels", count);
        return;
    }
    escape_append(out, ESCAPE_NOTHING_MORE, kernel_at(block, first)->name);
    if (count == 1)
        return;
    buffer_append_text(out, " … ");
    escape_append(out, ESCAPE_NOTHING_MORE, kernel_at(block, end - 1)->name);
    buffer_append_format(out, " (%zu)", count);
}

static void append_offset(struct buffer *out, const struct offset_place *place, bool is_hex)
{
    if (place->enumerator)
        enumerator_append_value(out, place->enumerator);
    else if (place->has_bit_offset)
        place_append(out, place->bit_offset, place->bitfield_size > 0, is_hex);
    else
        buffer_append_char(out, '?');
}

/* "absent (renamed? real_start_time at 1888)" */
static void append_absence(struct buffer *out, const struct offset_answer *answer)
{
    const struct offset_hint *hint = &answer->hint;
    const struct offset_place place = {.has_bit_offset = true, .bit_offset = hint->bit_offset};

    /* What no read image has is absent; others may have it. */
    if (answer->place.lacks_modules) {
        escape_append(out, ESCAPE_NOTHING_MORE, answer->place.reason);
        return;
    }
    bool is_absent = answer->place.status < OFFSET_NOT_FOLLOWED;
    buffer_append_format(out, "%s (", is_absent ? "absent" : "unknown");
    if (hint->kind == HINT_NONE) {
        escape_append(out, ESCAPE_NOTHING_MORE, answer->place.reason);
    } else {
        buffer_append_format(out, "%s? ", change_hint_key(hint->kind));
        escape_append(out, ESCAPE_NOTHING_MORE, hint->path);
    }
    if (hint->kind != HINT_NONE && hint->has_bit_offset) {
        buffer_append_text(out, " at ");
        append_offset(out, &place, false);
    }
    buffer_append_char(out, ')');
}

enum {
    COLUMN_KERNELS,
    COLUMN_OFFSET,
    COLUMN_HEX,
    COLUMN_SIZE,
    COLUMN_TYPE,
    COLUMN_MODULE,
    COLUMN_COUNT
};

static const struct table_column member_columns[COLUMN_COUNT] = {
    {NULL, "kernels", ALIGN_LEFT}, {NULL, "offset", ALIGN_RIGHT}, {NULL, "hex", ALIGN_RIGHT},
    {NULL, "size", ALIGN_RIGHT},   {NULL, "type", ALIGN_LEFT},    {NULL, "module", ALIGN_LEFT},
};

static const struct table_column enumerator_columns[COLUMN_COUNT] = {
    [COLUMN_KERNELS] = {NULL, "kernels", ALIGN_LEFT},
    [COLUMN_OFFSET] = {NULL, "value", ALIGN_RIGHT},
    [COLUMN_MODULE] = {NULL, "module", ALIGN_LEFT},
};

/* The module comes last, and only where there is one. */
static const unsigned char selected_of_member[] = {COLUMN_KERNELS, COLUMN_OFFSET, COLUMN_HEX,
                                                   COLUMN_SIZE,    COLUMN_TYPE,   COLUMN_MODULE};
static const unsigned char selected_of_definition[] = {COLUMN_KERNELS, COLUMN_SIZE, COLUMN_MODULE};
static const unsigned char selected_of_enumerator[] = {COLUMN_KERNELS, COLUMN_OFFSET,
                                                       COLUMN_MODULE};
_Static_assert(sizeof(selected_of_definition) == sizeof(selected_of_enumerator),
               "both have one count");

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct block *block = table->rows;
    const struct offset_answer *answer = &block->row->answers[row];
    const struct offset_place *place = &answer->place;

    append_kernels(table_cell_show(&cells[COLUMN_KERNELS]), block, row, find_run_end(table, row));
    if (place->status != OFFSET_FOUND) {
        struct table_cell *rest = &cells[table_column_at(table, 1)];
        append_absence(table_cell_show(rest), answer);
        rest->takes_rest = true;
        return;
    }
    append_offset(table_cell_show(&cells[COLUMN_OFFSET]), place, false);
    append_offset(table_cell_show(&cells[COLUMN_HEX]), place, true);
    if (place->bitfield_size)
        buffer_append_format(table_cell_show(&cells[COLUMN_SIZE]), "%" PRIu32 " %s",
                             COUNTED(place->bitfield_size, "bit"));
    else
        table_cell_set_known_number(&cells[COLUMN_SIZE], place->has_byte_size, place->byte_size);
    if (place->type)
        table_cell_set_text(&cells[COLUMN_TYPE], type_text(place->type));
    if (answer->module)
        table_cell_set_text(&cells[COLUMN_MODULE], answer->module);
}

static bool has_modules(const struct block *block)
{
    for (size_t i = 0; i < block->input->shown_count; i++) {
        if (block->row->answers[i].module)
            return true;
    }
    return false;
}

static bool has_values(const struct block *block)
{
    for (size_t i = 0; i < block->input->shown_count; i++) {
        if (block->row->answers[i].place.enumerator)
            return true;
    }
    return false;
}

/* Of the definition itself there is nothing but a size, and of an enumerator but a value. */
static struct table table_of(const struct block *block, enum definition_kind kind)
{
    bool is_enumerator =
        has_values(block) || (kind == DEFINITION_ENUM && block->row->path[0] != '\0');
    bool is_definition = !is_enumerator && block->row->path[0] == '\0';

    return (struct table){
        .rows = block,
        .row_count = block->input->shown_count,
        .fill = fill_row,
        .row_end = find_run_end,
        .column_count = COLUMN_COUNT,
        .columns = is_enumerator ? enumerator_columns : member_columns,
        .selected_count = (is_enumerator || is_definition ? ARRAY_LENGTH(selected_of_definition)
                                                          : ARRAY_LENGTH(selected_of_member)) -
                          !has_modules(block),
        .selected = is_enumerator   ? selected_of_enumerator
                    : is_definition ? selected_of_definition
                                    : selected_of_member,
    };
}

static struct error *append_block(const struct offset_writer *writer,
                                  const struct offset_table *table, const struct offset_row *row,
                                  struct buffer *out)
{
    const struct block block = {writer->input, row};
    const struct table lines = table_of(&block, table->kind);

    if (table->kind != DEFINITION_STRUCT)
        buffer_append_text(out, definition_kind_texts[table->kind].prefix);
    escape_append(out, ESCAPE_NOTHING_MORE, table->definition_name);
    if (row->path[0] != '\0')
        buffer_append_char(out, '.');
    escape_append(out, ESCAPE_NOTHING_MORE, row->path);
    buffer_append_char(out, '\n');
    table_append_text(&lines, out);
    return buffer_check(out, table->definition_name);
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
