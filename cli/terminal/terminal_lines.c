/* SPDX-License-Identifier: MIT */
#include "cli/terminal/terminal_lines.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/display_text.h"

enum { TEXT_MAXIMUM = 1024 * 1024, LINE_MAXIMUM = 4096 };

#define CLEAR_LINE_END "\033[K"
#define CLEAR_BELOW "\033[J"

void terminal_lines_init(struct terminal_lines *lines)
{
    *lines = (struct terminal_lines){0};
    buffer_init(&lines->text, TEXT_MAXIMUM);
}

void terminal_lines_deinit(struct terminal_lines *lines)
{
    buffer_deinit(&lines->text);
}

/* The rows of one line on a terminal of so many columns. */
static size_t count_rows(const char *line, size_t length, unsigned columns)
{
    char text[LINE_MAXIMUM];

    snprintf(text, sizeof(text), "%.*s", (int)length, line);
    size_t needed = display_columns(text);
    return needed > columns ? (needed + columns - 1) / columns : 1;
}

/* How many rows are drawn, as the terminal is now. */
static size_t count_drawn_rows(const struct terminal_lines *lines, unsigned columns, unsigned rows)
{
    size_t count = 0;

    if (columns >= lines->columns || columns == 0)
        return lines->count;
    for (const char *line = buffer_text(&lines->text); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        count += count_rows(line, length, columns);
        line += length + (line[length] == '\n');
    }
    return rows > 0 && count >= rows ? rows - 1 : count;
}

static void append_return(const struct terminal_lines *lines, unsigned columns, unsigned rows,
                          struct buffer *output)
{
    size_t count = count_drawn_rows(lines, columns, rows);

    if (count > 0)
        buffer_append_format(output, "\r\033[%zuA", count);
}

static void append_lines(const char *text, struct buffer *output)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        buffer_append(output, text, length);
        buffer_append_text(output, CLEAR_LINE_END "\n");
        text += length + (text[length] == '\n');
    }
}

static bool has_size(const struct terminal_lines *lines, unsigned columns, unsigned rows)
{
    return lines->columns == columns && lines->rows == rows;
}

void terminal_lines_draw(struct terminal_lines *lines, const char *text, size_t count,
                         unsigned columns, unsigned rows, struct buffer *output)
{
    bool is_resized = lines->count > 0 && !has_size(lines, columns, rows);

    if (lines->count == count && strcmp(buffer_text(&lines->text), text) == 0 && !is_resized)
        return;
    append_return(lines, columns, rows, output);
    if (is_resized)
        buffer_append_text(output, CLEAR_BELOW);
    append_lines(text, output);
    if (count < lines->count && !is_resized)
        buffer_append_text(output, CLEAR_BELOW);
    buffer_clear(&lines->text);
    buffer_append_text(&lines->text, text);
    lines->count = count;
    lines->columns = columns;
    lines->rows = rows;
}

void terminal_lines_erase(const struct terminal_lines *lines, unsigned columns, unsigned rows,
                          struct buffer *output)
{
    if (lines->count == 0)
        return;
    append_return(lines, columns, rows, output);
    buffer_append_text(output, CLEAR_BELOW);
}

void terminal_lines_restore(struct terminal_lines *lines, unsigned columns, unsigned rows,
                            struct buffer *output)
{
    if (has_size(lines, columns, rows)) {
        append_lines(buffer_text(&lines->text), output);
        return;
    }
    buffer_clear(&lines->text);
    lines->count = 0;
}
