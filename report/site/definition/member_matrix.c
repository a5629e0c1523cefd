/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "report/compare/members/member_paths.h"
#include "report/site/definition/definition_page.h"
#include "report/site/html/c_listing.h"
#include "report/site/html/html.h"
#include "report/site/site.h"
#include "report/write/c/declarator.h"
#include "report/write/known_number.h"
#include "report/write/place.h"

#define ROW_NONE UINT32_MAX

enum { CELL_MAXIMUM = 256 * 1024 };

struct matrix_column {
    struct member_paths paths;
    uint32_t *rows; /* by path */
};

struct matrix {
    struct definition_page *page;
    size_t column_count; /* the page's first layouts */
    struct matrix_column *columns;
    struct string_table names; /* rows by number */
    uint32_t first_row;
    uint32_t *next_rows;               /* by row */
    bool *have_place;                  /* by row: it is in the order */
    const struct member_path **newest; /* by row: that of the column that decided its place */
    const struct member_path **cells;  /* by row and column; NULL: not in that layout */
    struct buffer text;                /* of the cell at hand */
    struct buffer next_text;
};

static void matrix_deinit(struct matrix *matrix)
{
    string_table_deinit(&matrix->names);
    buffer_deinit(&matrix->text);
    buffer_deinit(&matrix->next_text);
}

/* What tells a row from others. What a typedef is has its name, which a member may have, too. */
static const char *key_of(const struct member_path *path)
{
    return path->kind == PATH_TYPE ? "" : path->path;
}

static struct error *list_column(struct matrix *matrix, const struct layout *layout,
                                 struct matrix_column *column)
{
    struct arena *arena = matrix->page->view.arena;
    struct member_paths *paths = &column->paths;

    TRY(member_paths_list(layout, arena, paths));
    column->rows = arena_allocate(arena, (size_t)paths->count + 1, sizeof(*column->rows));
    if (!column->rows)
        return error_out_of_memory();
    for (uint32_t i = 0; i < paths->count; i++) {
        const char *key = key_of(&paths->paths[i]);
        TRY(string_table_intern(&matrix->names, key, strlen(key), &column->rows[i]));
    }
    return NULL;
}

static struct error *list_columns(struct matrix *matrix)
{
    matrix->columns = arena_allocate(matrix->page->view.arena, matrix->column_count + 1,
                                     sizeof(*matrix->columns));
    if (!matrix->columns)
        return error_out_of_memory();
    for (size_t i = 0; i < matrix->column_count; i++)
        TRY(list_column(matrix, matrix->page->view.layouts.layouts[i], &matrix->columns[i]));
    return NULL;
}

static struct error *allocate(struct matrix *matrix)
{
    struct arena *arena = matrix->page->view.arena;
    size_t count = (size_t)matrix->names.count + 1;

    matrix->next_rows = arena_allocate(arena, count, sizeof(*matrix->next_rows));
    matrix->have_place = arena_allocate(arena, count, sizeof(*matrix->have_place));
    matrix->newest = arena_allocate(arena, count, sizeof(*matrix->newest));
    matrix->cells = arena_allocate(arena, count * matrix->column_count, sizeof(*matrix->cells));
    if (!matrix->next_rows || !matrix->have_place || !matrix->newest || !matrix->cells)
        return error_out_of_memory();
    matrix->first_row = ROW_NONE;
    return NULL;
}

/* Puts a row after another one, or first. */
static void place_row(struct matrix *matrix, uint32_t row, uint32_t before)
{
    uint32_t *link = before == ROW_NONE ? &matrix->first_row : &matrix->next_rows[before];

    matrix->next_rows[row] = *link;
    *link = row;
    matrix->have_place[row] = true;
}

/* Rows are in the order of the newest layout; what it lacks comes after what it was after. */
static void place_column(struct matrix *matrix, size_t column)
{
    const struct member_paths *paths = &matrix->columns[column].paths;
    uint32_t before = ROW_NONE;

    for (uint32_t i = 0; i < paths->count; i++) {
        uint32_t row = matrix->columns[column].rows[i];
        if (!matrix->have_place[row]) {
            place_row(matrix, row, before);
            matrix->newest[row] = &paths->paths[i];
        }
        if (!matrix->cells[row * matrix->column_count + column])
            matrix->cells[row * matrix->column_count + column] = &paths->paths[i];
        before = row;
    }
}

static void append_head(struct matrix *matrix)
{
    struct definition_page *page = matrix->page;
    const struct distinct_layouts *layouts = &page->view.layouts;

    buffer_append_text(page->out,
                       "<h2 id=\"members\">Kernel by kernel</h2>\n"
                       "<div class=\"wide\" tabindex=\"0\"><table class=\"matrix\"><thead>"
                       "<tr><th scope=\"col\">layout<td>");
    for (size_t i = 0; i < page->shown.count; i++) {
        size_t column = page->shown.layouts[i];
        size_t kernel = 0;
        while (layouts->of_kernels[layouts->kernels[kernel]] != column)
            kernel++;
        const struct kernel_column *first =
            kernel_columns_find(&page->view.context->site->columns, layouts->kernels[kernel]);
        buffer_append_format(page->out, "<th scope=\"col\" id=\"layout-%zu\">%zu<br><small>",
                             column + 1, column + 1);
        html_append_text(page->out, first ? first->head : "");
        buffer_append_text(page->out, "</small>");
    }
    buffer_append_text(page->out, "</thead>\n<tbody>\n");
}

/* What a layout has in a row, in HTML; nothing if it lacks the member. */
static void append_cell(const struct layout *layout, const struct member_path *path,
                        struct buffer *out)
{
    if (!path)
        return;
    if (path->kind == PATH_ENUMERATOR)
        enumerator_append_value(out, path->enumerator);
    else if (path->kind == PATH_TYPE)
        html_append_text(out, type_text(path->member->type));
    else if (!layout_has_places(layout))
        buffer_append_char(out, '?');
    else
        place_append(out, path->member->bit_offset, path->member->bitfield_size > 0, false);
}

static bool is_of_other_type(const struct matrix *matrix, uint32_t row, size_t column)
{
    const struct member_path *path = matrix->cells[row * matrix->column_count + column];
    const struct member_path *newest = matrix->newest[row];

    return path && path->kind == PATH_MEMBER &&
           (path->member->type != newest->member->type ||
            path->member->bitfield_size != newest->member->bitfield_size);
}

static void fill(const struct matrix *matrix, uint32_t row, size_t column, struct buffer *text)
{
    buffer_clear(text);
    append_cell(matrix->page->view.layouts.layouts[column],
                matrix->cells[row * matrix->column_count + column], text);
    buffer_take_failure(matrix->page->out, text);
}

/* Columns that say the same are one cell. */
static void append_cells(struct matrix *matrix, uint32_t row)
{
    const struct shown_layouts *shown = &matrix->page->shown;
    struct buffer *out = matrix->page->out;

    fill(matrix, row, shown->layouts[0], &matrix->text);
    for (size_t i = 0; i < shown->count;) {
        bool is_other = is_of_other_type(matrix, row, shown->layouts[i]);
        size_t end = i + 1;
        for (; end < shown->count; end++) {
            fill(matrix, row, shown->layouts[end], &matrix->next_text);
            if (strcmp(buffer_text(&matrix->text), buffer_text(&matrix->next_text)) != 0 ||
                is_of_other_type(matrix, row, shown->layouts[end]) != is_other)
                break;
        }
        buffer_append_text(out, matrix->text.length == 0 ? "<td class=\"a\""
                                : is_other               ? "<td class=\"t\""
                                                         : "<td");
        if (end - i > 1)
            buffer_append_format(out, " colspan=\"%zu\"", end - i);
        buffer_append_char(out, '>');
        buffer_append_text(out, buffer_text(&matrix->text));
        const struct buffer next = matrix->next_text;
        matrix->next_text = matrix->text;
        matrix->text = next;
        i = end;
    }
    buffer_append_char(out, '\n');
}

static void append_type(struct matrix *matrix, const struct member_path *path)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, CELL_MAXIMUM);
    declarator_append_type(&text, path->member->type);
    if (path->member->bitfield_size)
        buffer_append_format(&text, ":%" PRIu32, path->member->bitfield_size);
    buffer_take_failure(matrix->page->out, &text);
    c_listing_append(matrix->page->out, matrix->page->view.context->site, HTML_TO_TOP,
                     buffer_text(&text));
}

static void append_row(struct matrix *matrix, uint32_t row)
{
    struct buffer *out = matrix->page->out;
    const struct member_path *path = matrix->newest[row];

    buffer_append_text(out, "<tr id=\"field-");
    html_append_id(out, key_of(path));
    buffer_append_text(out, "\"><th scope=\"row\">");
    html_append_text(out, path->kind == PATH_TYPE ? "what it is" : path->path);
    buffer_append_text(out, "<td>");
    if (path->kind == PATH_MEMBER)
        append_type(matrix, path);
    append_cells(matrix, row);
}

static void append_sizes(struct matrix *matrix)
{
    struct buffer *out = matrix->page->out;

    if (matrix->page->view.entry->kind == DEFINITION_TYPEDEF)
        return;
    buffer_append_text(out, "<tr class=\"size\"><th scope=\"row\">size<td>");
    for (size_t i = 0; i < matrix->page->shown.count; i++) {
        const struct layout *layout =
            matrix->page->view.layouts.layouts[matrix->page->shown.layouts[i]];
        buffer_append_text(out, "<td>");
        known_number_append(out, layout_has_byte_size(layout), layout->byte_size);
    }
    buffer_append_char(out, '\n');
}

static struct error *make(struct matrix *matrix)
{
    TRY(list_columns(matrix));
    TRY(allocate(matrix));
    place_column(matrix, matrix->page->view.layouts.of_kernels[matrix->page->newest]);
    for (size_t column = matrix->column_count; column-- > 0;)
        place_column(matrix, column);
    append_head(matrix);
    append_sizes(matrix);
    for (uint32_t row = matrix->first_row; row != ROW_NONE; row = matrix->next_rows[row])
        append_row(matrix, row);
    buffer_append_text(matrix->page->out, "</tbody></table></div>\n");
    if (layout_is_aggregate(matrix->page->view.layouts.layouts[0]))
        buffer_append_text(matrix->page->out,
                           "<p class=\"note\">Where each member begins, in bytes; a bit-field as "
                           "byte:bit. Slanted: of another type or width there.\n");
    if (matrix->page->shown.count < matrix->column_count)
        buffer_append_format(
            matrix->page->out,
            "<p class=\"note\">Of the %zu layouts these are the ones that the last "
            "kernel of each series has; <a href=\"#changes\">below</a> is what "
            "changed from kernel to kernel.\n",
            matrix->column_count);
    return NULL;
}

struct error *definition_page_append_matrix(struct definition_page *page)
{
    CLEANUP(matrix_deinit)
    struct matrix matrix = {.page = page, .column_count = page->view.layouts.first_count};

    string_table_init(&matrix.names);
    buffer_init(&matrix.text, CELL_MAXIMUM);
    buffer_init(&matrix.next_text, CELL_MAXIMUM);
    return make(&matrix);
}
