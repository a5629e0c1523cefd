/* SPDX-License-Identifier: MIT */
#include "check/list/csv_record.h"

#include <string.h>

void csv_reader_init(struct csv_reader *reader, const char *bytes, size_t length)
{
    *reader = (struct csv_reader){.position = bytes, .end = bytes + length, .next_line = 1};
}

static bool is_at(const struct csv_reader *reader, char character)
{
    return reader->position < reader->end && *reader->position == character;
}

/* Goes over a line's end, if there is one. */
static bool take_line_end(struct csv_reader *reader)
{
    const char *start = reader->position;

    if (is_at(reader, '\r'))
        reader->position++;
    if (is_at(reader, '\n'))
        reader->position++;
    reader->next_line += reader->position > start;
    return reader->position > start;
}

/* The quote that ends the cell at hand, in which two of them stand for one; NULL: none does. */
static const char *find_closing_quote(const struct csv_reader *reader)
{
    const char *quote = reader->position + 1;

    for (; quote < reader->end; quote++) {
        if (*quote == '"' && (quote + 1 == reader->end || quote[1] != '"'))
            return quote;
        if (*quote == '"')
            quote++;
    }
    return NULL;
}

static struct error *read_quoted(struct csv_reader *reader, struct arena *arena)
{
    const char *close = find_closing_quote(reader);

    if (!close)
        return error_create(ERROR_USAGE, NULL, "line %u has a quote without an end", reader->line);
    char *cell = arena_allocate(arena, (size_t)(close - reader->position), 1);
    if (!cell)
        return error_out_of_memory();
    reader->cells[reader->count++] = cell;
    for (const char *next = reader->position + 1; next < close; next++) {
        reader->next_line += *next == '\n';
        next += *next == '"';
        *cell++ = *next;
    }
    reader->position = close + 1;
    return NULL;
}

static struct error *read_cell(struct csv_reader *reader, struct arena *arena)
{
    size_t left = (size_t)(reader->end - reader->position);
    size_t length = 0;

    if (reader->count == CSV_CELLS_MAXIMUM)
        return error_create(ERROR_USAGE, NULL, "line %u has more than %d columns", reader->line,
                            CSV_CELLS_MAXIMUM);
    if (is_at(reader, '"'))
        return read_quoted(reader, arena);
    while (length < left && !strchr(",\r\n", reader->position[length]))
        length++;
    reader->cells[reader->count] = arena_copy_text(arena, reader->position, length);
    reader->position += length;
    return reader->cells[reader->count++] ? NULL : error_out_of_memory();
}

struct error *csv_reader_next(struct csv_reader *reader, struct arena *arena, bool *has_record_ret)
{
    while (take_line_end(reader))
        ;
    *has_record_ret = reader->position < reader->end;
    reader->count = 0;
    reader->line = reader->next_line;
    while (reader->position < reader->end && !take_line_end(reader)) {
        TRY(read_cell(reader, arena));
        if (is_at(reader, ','))
            reader->position++;
        else if (reader->position < reader->end && *reader->position != '\r' &&
                 *reader->position != '\n')
            return error_create(ERROR_USAGE, NULL, "line %u has text after a quote", reader->line);
    }
    return NULL;
}

const char *csv_reader_cell(const struct csv_reader *reader, size_t column)
{
    return column < reader->count ? reader->cells[column] : "";
}
