/* SPDX-License-Identifier: MIT */
/* One line for each kernel, so that it can be joined, sorted and filtered without further ado. */
#include "model/kernel/image.h"
#include "report/offsets/offset_writer.h"
#include "report/write/table/table.h"

/* What the table's rows are: the kernels shown. */
struct offset_rows {
    const struct offset_input *input;
    const struct offset_table *table;
    const struct offset_row *row;
};

#define COLUMNS(X)                                                                                 \
    X(KERNEL, "kernel")                                                                            \
    X(NAME, "struct")                                                                              \
    X(PATH, "field")                                                                               \
    X(DEFINITION_SIZE, "struct_byte_size")                                                         \
    X(BIT_OFFSET, "bit_offset")                                                                    \
    X(BYTE_OFFSET, "byte_offset")                                                                  \
    X(BITFIELD_SIZE, "bitfield_size")                                                              \
    X(SIZE, "byte_size")                                                                           \
    X(TYPE, "type")                                                                                \
    X(ABSENT, "absent")                                                                            \
    X(HINT, "hint")                                                                                \
    X(HINT_PATH, "hint_path")                                                                      \
    X(HINT_BIT_OFFSET, "hint_bit_offset")                                                          \
    X(VALUE, "value")                                                                              \
    X(KIND, "kind")                                                                                \
    X(IMAGE, "image") /* new ones come after it: programs may know columns by their number */

enum {
#define X(name, key) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
};

static const struct table_column columns[COLUMN_COUNT] = {
#define X(name, key) {key, NULL, ALIGN_LEFT},
    COLUMNS(X)
#undef X
};

static void fill_place(const struct offset_place *place, struct table_cell *cells)
{
    table_cell_set_known_number(&cells[COLUMN_BIT_OFFSET], place->has_bit_offset,
                                place->bit_offset);
    table_cell_set_known_number(&cells[COLUMN_BYTE_OFFSET], place->has_bit_offset,
                                place->bit_offset / BITS_PER_BYTE);
    table_cell_set_known_number(&cells[COLUMN_BITFIELD_SIZE], place->bitfield_size > 0,
                                place->bitfield_size);
    table_cell_set_known_number(&cells[COLUMN_SIZE], place->has_byte_size, place->byte_size);
    table_cell_set_text(&cells[COLUMN_TYPE], type_text(place->type));
}

static void fill_hint(const struct offset_hint *hint, struct table_cell *cells)
{
    table_cell_set_text(&cells[COLUMN_HINT], change_hint_key(hint->kind));
    table_cell_set_text(&cells[COLUMN_HINT_PATH], hint->path);
    table_cell_set_known_number(&cells[COLUMN_HINT_BIT_OFFSET], hint->has_bit_offset,
                                hint->bit_offset);
}

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct offset_rows *rows = table->rows;
    const struct offset_answer *answer = &rows->row->answers[row];
    const struct offset_place *place = &answer->place;
    const struct offset_place *size = &rows->table->size.answers[row].place;

    table_cell_set_text(&cells[COLUMN_KERNEL], rows->input->kernels[rows->input->shown[row]].name);
    table_cell_set_text(&cells[COLUMN_NAME], rows->table->definition_name);
    table_cell_set_text(&cells[COLUMN_PATH], rows->row->path);
    table_cell_set_known_number(&cells[COLUMN_DEFINITION_SIZE], size->has_byte_size,
                                size->byte_size);
    if (place->status == OFFSET_FOUND && place->type)
        fill_place(place, cells);
    if (place->status != OFFSET_FOUND)
        table_cell_set_text(&cells[COLUMN_ABSENT], place->reason);
    if (answer->hint.kind != HINT_NONE)
        fill_hint(&answer->hint, cells);
    if (place->enumerator)
        table_cell_set_enumerator(&cells[COLUMN_VALUE], place->enumerator);
    table_cell_set_text(&cells[COLUMN_KIND], definition_kind_texts[rows->table->kind].word);
    if (place->status != OFFSET_NO_DEFINITION)
        table_cell_set_text(&cells[COLUMN_IMAGE], answer->module ? answer->module : VMLINUX_IMAGE);
}

static struct table table_of(const struct offset_rows *rows)
{
    return (struct table){
        .rows = rows,
        .row_count = rows->input->shown_count,
        .fill = fill_row,
        .column_count = COLUMN_COUNT,
        .columns = columns,
    };
}

static struct error *begin(const struct offset_writer *writer, struct buffer *out)
{
    const struct offset_rows rows = {.input = writer->input};
    const struct table table = table_of(&rows);

    table_append_csv_head(&table, out);
    return buffer_check(out, "the heading");
}

static struct error *append(const struct offset_writer *writer, const struct offset_table *table,
                            bool with_size, struct buffer *out)
{
    for (size_t i = with_size ? 0 : 1; i <= table->row_count; i++) {
        const struct offset_rows rows = {writer->input, table,
                                         i == 0 ? &table->size : &table->rows[i - 1]};
        const struct table lines = table_of(&rows);
        table_append_csv_rows(&lines, out);
    }
    return buffer_check(out, table->definition_name);
}

static struct error *end(const struct offset_writer *writer UNUSED, struct buffer *out UNUSED)
{
    return NULL;
}

const struct offset_format offset_format_csv = {
    .word = "csv",
    .begin = begin,
    .append = append,
    .end = end,
};
