/* SPDX-License-Identifier: MIT */
/* One line for each kernel, so that it can be joined, sorted and filtered without further ado. */
#include "report/offsets/offset_writer.h"
#include "report/write/csv.h"

enum { BITS_PER_BYTE = 8, HINT_COLUMNS = 3, PLACE_COLUMNS = 5 };

static struct error *begin(const struct offset_writer *writer UNUSED, struct buffer *out)
{
    static const char *const headings[] = {
        "kernel",          "struct",    "field", "struct_byte_size", "bit_offset", "byte_offset",
        "bitfield_size",   "byte_size", "type",  "absent",           "hint",       "hint_path",
        "hint_bit_offset", "value",     "kind",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(headings); i++)
        csv_append_text(out, headings[i]);
    csv_end_line(out);
    return buffer_check(out, "the heading");
}

static void append_empty(struct buffer *out, unsigned count)
{
    while (count-- > 0)
        csv_append_text(out, "");
}

static void append_number_if(struct buffer *out, bool is_known, uint64_t number)
{
    if (is_known)
        csv_append_number(out, number);
    else
        csv_append_text(out, "");
}

static void append_place(struct buffer *out, const struct offset_place *place)
{
    if (place->status != OFFSET_FOUND || !place->type) {
        append_empty(out, PLACE_COLUMNS);
        return;
    }
    append_number_if(out, place->has_bit_offset, place->bit_offset);
    append_number_if(out, place->has_bit_offset, place->bit_offset / BITS_PER_BYTE);
    append_number_if(out, place->bitfield_size > 0, place->bitfield_size);
    append_number_if(out, place->has_byte_size, place->byte_size);
    csv_append_text(out, type_text(place->type));
}

static void append_hint(struct buffer *out, const struct offset_hint *hint)
{
    if (hint->kind == HINT_NONE) {
        append_empty(out, HINT_COLUMNS);
        return;
    }
    csv_append_text(out, change_hint_key(hint->kind));
    csv_append_text(out, hint->path);
    append_number_if(out, hint->has_bit_offset, hint->bit_offset);
}

static void append_value(struct buffer *out, const struct enumerator *enumerator)
{
    if (!enumerator)
        csv_append_text(out, "");
    else if (enumerator->is_unsigned)
        csv_append_number(out, (uint64_t)enumerator->value);
    else
        csv_append_signed(out, enumerator->value);
}

static void append_row(const struct offset_writer *writer, const struct offset_table *table,
                       const struct offset_row *row, struct buffer *out)
{
    const struct offset_input *input = writer->input;

    for (size_t i = 0; i < input->shown_count; i++) {
        const struct offset_answer *answer = &row->answers[i];
        const struct offset_place *size = &table->size.answers[i].place;
        csv_append_text(out, input->kernels[input->shown[i]].name);
        csv_append_text(out, table->definition_name);
        csv_append_text(out, row->path);
        append_number_if(out, size->has_byte_size, size->byte_size);
        append_place(out, &answer->place);
        csv_append_text(out, answer->place.status == OFFSET_FOUND ? "" : answer->place.reason);
        append_hint(out, &answer->hint);
        append_value(out, answer->place.enumerator);
        csv_append_text(out, definition_kind_texts[table->kind].word);
        csv_end_line(out);
    }
}

static struct error *append(const struct offset_writer *writer, const struct offset_table *table,
                            bool with_size, struct buffer *out)
{
    if (with_size)
        append_row(writer, table, &table->size, out);
    for (size_t i = 0; i < table->row_count; i++)
        append_row(writer, table, &table->rows[i], out);
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
