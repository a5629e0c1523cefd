/* SPDX-License-Identifier: MIT */
#include "model/kernel/image.h"
#include "report/find/find_write.h"
#include "report/write/table/table.h"

#define COLUMNS(X)                                                                                 \
    X(KERNEL, "kernel")                                                                            \
    X(KIND, "kind")                                                                                \
    X(NAME, "name")                                                                                \
    X(DEFINITION_SIZE, "definition_byte_size")                                                     \
    X(IMAGE, "image")                                                                              \
    X(PATH, "path")                                                                                \
    X(TYPE, "type")                                                                                \
    X(BIT_OFFSET, "bit_offset")                                                                    \
    X(VALUE, "value")

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

/* What the table's rows are: each place of a match in each of its kernels. */
struct match_rows {
    const struct find_result *result;
    const struct find_match *match;
};

static void fill_row(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct match_rows *rows = table->rows;
    const struct find_match *match = rows->match;
    size_t kernel = match->kernels[row % match->kernel_count];
    const struct find_place *place =
        match->place_count > 0 ? &match->places[row / match->kernel_count] : NULL;

    table_cell_set_text(&cells[COLUMN_KERNEL],
                        rows->result->history->kernel_names[rows->result->kernels[kernel]]);
    table_cell_set_text(&cells[COLUMN_KIND], definition_kind_texts[match->entry->kind].word);
    table_cell_set_text(&cells[COLUMN_NAME], match->entry->name);
    table_cell_set_known_number(&cells[COLUMN_DEFINITION_SIZE], layout_has_byte_size(match->layout),
                                match->layout->byte_size);
    table_cell_set_text(&cells[COLUMN_IMAGE],
                        match->modules.count > 0 ? match->modules.names[0] : VMLINUX_IMAGE);
    if (!place)
        return;
    table_cell_set_text(&cells[COLUMN_PATH], place->path);
    table_cell_set_text(&cells[COLUMN_TYPE], place->type);
    if (place->member)
        table_cell_set_known_number(&cells[COLUMN_BIT_OFFSET], layout_has_places(match->layout),
                                    place->member->bit_offset);
    if (place->enumerator)
        table_cell_set_enumerator(&cells[COLUMN_VALUE], place->enumerator);
}

static struct table table_of(const struct match_rows *rows, size_t row_count)
{
    return (struct table){
        .rows = rows,
        .row_count = row_count,
        .fill = fill_row,
        .column_count = COLUMN_COUNT,
        .columns = columns,
    };
}

static struct error *write_csv(const struct find_result *result, struct buffer *out)
{
    const struct match_rows nothing = {.result = result};
    const struct table head = table_of(&nothing, 0);

    table_append_csv_head(&head, out);
    for (size_t i = 0; i < result->match_count; i++) {
        const struct match_rows rows = {result, &result->matches[i]};
        size_t places = rows.match->place_count > 0 ? rows.match->place_count : 1;
        const struct table table = table_of(&rows, places * rows.match->kernel_count);
        table_append_csv_rows(&table, out);
    }
    return buffer_check(out, "what was found");
}

const struct find_format find_format_csv = {.word = "csv", .write = write_csv};
