/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/text/utf8.h"
#include "report/write/table/table_line.h"

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

static bool is_control(const unsigned char *character)
{
    return character[0] < ' ' || character[0] == 0x7f ||
           (character[0] == 0xc2 && character[1] < 0xa0);
}

/* Appends what stands for the character that TEXT, which is not empty, begins with; returns its
 * length. */
static size_t append_character(struct buffer *out, const unsigned char *text)
{
    size_t length = utf8_character_length(text, strnlen((const char *)text, 4));

    if (length == 0)
        buffer_append_text(out, REPLACEMENT_CHARACTER);
    else if (is_control(text))
        buffer_append_char(out, ' ');
    else if (*text == '"')
        buffer_append_text(out, "\"\"");
    else
        buffer_append(out, text, length);
    return length > 0 ? length : 1;
}

static void append_text(struct buffer *out, const char *text)
{
    bool is_formula = text[0] != '\0' && strchr("=+-@", text[0]);
    bool is_quoted = text[0] == '\0' || is_formula || text[strcspn(text, "\",\r\n")] != '\0';

    if (is_quoted)
        buffer_append_char(out, '"');
    if (is_formula)
        buffer_append_char(out, '\'');
    while (*text)
        text += append_character(out, (const unsigned char *)text);
    if (is_quoted)
        buffer_append_char(out, '"');
}

static void append_cell(struct buffer *out, const struct table_cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT: append_text(out, cell->text); break;
    case CELL_NUMBER: buffer_append_format(out, "%" PRIu64, cell->number); break;
    case CELL_ENUMERATOR: enumerator_append_value(out, cell->enumerator); break;
    case CELL_FLAG: append_text(out, cell->flag ? "yes" : "no"); break;
    case CELL_SHOWN: buffer_fail(out, ERROR_INTERNAL); break;
    default: append_text(out, "");
    }
}

void table_append_csv(const struct table *table, struct buffer *out)
{
    table_append_csv_head(table, out);
    table_append_csv_rows(table, out);
}

void table_append_csv_head(const struct table *table, struct buffer *out)
{
    for (size_t i = 0; i < table_width(table); i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        append_text(out, table->columns[table_column_at(table, i)].key);
    }
    buffer_append_char(out, '\n');
}

void table_append_csv_rows(const struct table *table, struct buffer *out)
{
    CLEANUP(table_line_deinit) struct table_line line;

    table_line_init(&line, table, TABLE_VALUES, out);
    while (table_line_next(&line)) {
        for (size_t i = 0; i < table_width(table); i++) {
            if (i > 0)
                buffer_append_char(out, ',');
            append_cell(out, &line.cells[table_column_at(table, i)]);
        }
        buffer_append_char(out, '\n');
    }
}
