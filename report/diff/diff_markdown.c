/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_markdown.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "report/diff/diff_rows.h"
#include "report/write/c/c_text.h"
#include "report/write/definition_title.h"
#include "report/write/markdown.h"
#include "report/write/table/table.h"

struct markdown_writer {
    const struct kernel_difference *difference;
    enum difference_detail detail;
    struct buffer *out;
};

typedef void append_function(struct buffer *out, const struct definition_change *change);

static void append(const struct markdown_writer *writer, const char *markdown)
{
    buffer_append_text(writer->out, markdown);
}

static void append_sizes(struct buffer *out, const struct definition_change *change)
{
    difference_append_sizes(out, "", change);
}

/* What another part appends, escaped. */
static void append_text_of(struct buffer *out, const struct definition_change *change,
                           append_function *function)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, out->maximum);
    function(&text, change);
    buffer_take_failure(out, &text);
    markdown_append_text(out, buffer_text(&text));
}

/* The same as a paragraph, unless it is empty. */
static void append_paragraph(struct buffer *out, const struct definition_change *change,
                             append_function *function)
{
    size_t length = out->length;

    append_text_of(out, change, function);
    if (out->length > length)
        buffer_append_text(out, "\n\n");
}

static bool is_shown(const struct kernel_difference *difference, enum definition_kind kind)
{
    return kind == DEFINITION_STRUCT || kind_counts_differ(&difference->counts[kind]);
}

/* The rows of the table of counts: what is counted. */
static const struct {
    const char *heading; /* NULL: the kernel's name */
    size_t offset;       /* in the counts */
} count_rows[] = {
    {NULL, offsetof(struct kind_counts, before)},
    {NULL, offsetof(struct kind_counts, after)},
    {"added", offsetof(struct kind_counts, added)},
    {"removed", offsetof(struct kind_counts, removed)},
    {"changed", offsetof(struct kind_counts, changed)},
    {"of these only moved", offsetof(struct kind_counts, only_moved)},
};

static bool has_count_row(const struct table *table, size_t row)
{
    const struct kernel_difference *difference = table->rows;

    return count_rows[row].heading || !difference->is_selection;
}

static void append_count_heading(struct buffer *out, const struct kernel_difference *difference,
                                 size_t row)
{
    if (count_rows[row].heading) {
        buffer_append_text(out, count_rows[row].heading);
        return;
    }
    buffer_append_text(out, "in ");
    markdown_append_code(out, count_rows[row].offset == offsetof(struct kind_counts, before)
                                  ? difference->before_name
                                  : difference->after_name);
}

static void fill_counts(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct kernel_difference *difference = table->rows;

    append_count_heading(table_cell_show(&cells[0]), difference, row);
    for (size_t kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        size_t count;
        memcpy(&count, (const char *)&difference->counts[kind] + count_rows[row].offset,
               sizeof(count));
        table_cell_set_number(&cells[1 + kind], count);
    }
}

/* A row for each count, a column for each kind that is shown. */
static void append_counts_of_kinds(const struct markdown_writer *writer)
{
    struct table_column columns[1 + DEFINITION_KIND_COUNT] = {{NULL, "", ALIGN_LEFT}};
    unsigned char selected[1 + DEFINITION_KIND_COUNT] = {0};
    struct table table = {
        .rows = writer->difference,
        .row_count = ARRAY_LENGTH(count_rows),
        .fill = fill_counts,
        .has_row = has_count_row,
        .column_count = ARRAY_LENGTH(columns),
        .columns = columns,
        .selected_count = 1,
        .selected = selected,
    };

    for (unsigned char kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        columns[1 + kind] =
            (struct table_column){NULL, definition_kind_texts[kind].plural, ALIGN_RIGHT};
        if (is_shown(writer->difference, kind))
            selected[table.selected_count++] = (unsigned char)(1 + kind);
    }
    table_append_markdown(&table, writer->out);
}

static void append_head(const struct markdown_writer *writer)
{
    append(writer, "# Differences between ");
    markdown_append_code(writer->out, writer->difference->before_name);
    append(writer, " and ");
    markdown_append_code(writer->out, writer->difference->after_name);
    append(writer, "\n\n");
    append_counts_of_kinds(writer);
}

/* "union foo, module kvm": of a struct its name alone. */
static void append_name(struct buffer *out, const struct definition_change *change)
{
    definition_title_append_kind(out, change->kind);
    markdown_append_code(out, change->name);
    append_text_of(out, change, difference_append_images);
}

/* What the rows of the tables of definitions are: the changes of one fate, or of those in both. */
struct change_rows {
    const struct kernel_difference *difference;
    enum fate fate; /* FATE_CHANGED: also those that only moved */
};

static const struct definition_change *change_at(const struct table *table, size_t row)
{
    return &((const struct change_rows *)table->rows)->difference->changes[row];
}

static bool has_change(const struct table *table, size_t row)
{
    const struct definition_change *change = change_at(table, row);
    enum fate fate = ((const struct change_rows *)table->rows)->fate;

    return fate == FATE_CHANGED ? definition_change_is_in_both(change) : change->fate == fate;
}

static void append_counts(struct buffer *out, const struct definition_change *change)
{
    difference_append_counts(out, change->member_counts);
}

/* Of a definition that only one of the kernels has. */
static void fill_lone(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct definition_change *change = change_at(table, row);
    const struct layout *layout =
        change->fate == FATE_ADDED ? change->after.layout : change->before.layout;

    append_name(table_cell_show(&cells[0]), change);
    if (layout_has_byte_size(layout))
        table_cell_set_number(&cells[1], layout->byte_size);
}

static const struct table_column lone_columns[] = {
    {NULL, "name", ALIGN_LEFT},
    {NULL, "bytes", ALIGN_RIGHT},
};

static void fill_changed(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct definition_change *change = change_at(table, row);

    append_name(table_cell_show(&cells[0]), change);
    append_text_of(table_cell_show(&cells[1]), change, append_sizes);
    append_text_of(table_cell_show(&cells[2]), change, append_counts);
}

static const struct table_column changed_columns[] = {
    {NULL, "name", ALIGN_LEFT},
    {NULL, "size", ALIGN_LEFT},
    {NULL, "members", ALIGN_LEFT},
};

static void append_table(const struct markdown_writer *writer, enum fate fate)
{
    const struct change_rows rows = {writer->difference, fate};
    const struct table table = {
        .rows = &rows,
        .row_count = writer->difference->change_count,
        .fill = fate == FATE_CHANGED ? fill_changed : fill_lone,
        .has_row = has_change,
        .column_count =
            fate == FATE_CHANGED ? ARRAY_LENGTH(changed_columns) : ARRAY_LENGTH(lone_columns),
        .columns = fate == FATE_CHANGED ? changed_columns : lone_columns,
    };

    table_append_markdown(&table, writer->out);
}

static struct error *append_definition(const struct markdown_writer *writer,
                                       const struct definition_change *change)
{
    bool is_added = change->fate == FATE_ADDED;

    /* Every line of a definition begins with a word, "}", "/" or a space, and its names cannot
     * end one: nothing in it closes the fence. */
    append(writer, "\n```c\n");
    TRY(definition_render(is_added ? change->after.layout : change->before.layout, NULL, 0,
                          writer->out));
    append(writer, "```\n");
    return NULL;
}

static struct error *append_list(const struct markdown_writer *writer, enum fate fate,
                                 const char *heading)
{
    const struct kernel_difference *difference = writer->difference;
    bool has_definitions = writer->detail == DIFFERENCE_MEMBERS && difference->is_selection;

    buffer_append_format(writer->out, "\n## %s\n\n", heading);
    append_table(writer, fate);
    for (size_t i = 0; has_definitions && i < difference->change_count; i++) {
        if (difference->changes[i].fate == fate)
            TRY(append_definition(writer, &difference->changes[i]));
    }
    return NULL;
}

static void append_member(struct buffer *out, const struct difference_row *row)
{
    if (row->run_count > 1)
        buffer_append_format(out, "%" PRIu32 " members, ", row->run_count);
    markdown_append_code(out, row->member);
    if (row->run_count > 1) {
        buffer_append_text(out, " to ");
        markdown_append_code(out, row->last_member);
    }
}

static void append_remarks(struct buffer *out, const struct difference_row *row)
{
    markdown_append_text(out, row->words);
    if (row->was[0] != '\0') {
        buffer_append_text(out, "; was ");
        markdown_append_code(out, row->was);
    }
    if (row->hint[0] == '\0')
        return;
    buffer_append_text(out, "; *");
    markdown_append_text(out, row->hint);
    buffer_append_text(out, "* ");
    markdown_append_code(out, row->hint_path);
    if (row->hint_struct[0] != '\0') {
        buffer_append_text(out, " of struct ");
        markdown_append_code(out, row->hint_struct);
    }
}

enum { COLUMN_SIGN, COLUMN_BEFORE, COLUMN_AFTER, COLUMN_SIZE, COLUMN_MEMBER, COLUMN_REMARKS };

static void fill_member(const struct table *table, size_t number, struct table_cell *cells)
{
    const struct difference_row *row = &((const struct difference_rows *)table->rows)->rows[number];

    markdown_append_code(table_cell_show(&cells[COLUMN_SIGN]), (char[]){row->sign, '\0'});
    table_cell_set_text(&cells[COLUMN_BEFORE], row->before);
    table_cell_set_text(&cells[COLUMN_AFTER], row->after);
    table_cell_set_text(&cells[COLUMN_SIZE], row->size);
    append_member(table_cell_show(&cells[COLUMN_MEMBER]), row);
    append_remarks(table_cell_show(&cells[COLUMN_REMARKS]), row);
}

static const struct table_column member_columns[] = {
    [COLUMN_SIGN] = {NULL, "", ALIGN_LEFT},
    [COLUMN_BEFORE] = {NULL, "offset", ALIGN_RIGHT},
    [COLUMN_AFTER] = {NULL, "new offset", ALIGN_RIGHT},
    [COLUMN_SIZE] = {NULL, "bytes", ALIGN_RIGHT},
    [COLUMN_MEMBER] = {NULL, "member", ALIGN_LEFT},
    [COLUMN_REMARKS] = {NULL, "what changed", ALIGN_LEFT},
};

/* Of an enum, whose enumerators have no sizes. */
static const struct table_column enumerator_columns[] = {
    [COLUMN_SIGN] = {NULL, "", ALIGN_LEFT},
    [COLUMN_BEFORE] = {NULL, "value", ALIGN_RIGHT},
    [COLUMN_AFTER] = {NULL, "new value", ALIGN_RIGHT},
    [COLUMN_MEMBER] = {NULL, "enumerator", ALIGN_LEFT},
    [COLUMN_REMARKS] = {NULL, "what changed", ALIGN_LEFT},
};

static const unsigned char selected_of_enum[] = {COLUMN_SIGN, COLUMN_BEFORE, COLUMN_AFTER,
                                                 COLUMN_MEMBER, COLUMN_REMARKS};

static struct error *append_members(const struct markdown_writer *writer,
                                    const struct definition_change *change)
{
    CLEANUP(arena_deinit) struct arena scratch;
    struct difference_rows rows;

    arena_init(&scratch);
    TRY(difference_rows_make(change, &scratch, &rows));
    if (rows.count == 0)
        return NULL;
    bool is_enum =
        change->before.layout->enumerator_count > 0 && change->after.layout->enumerator_count > 0;
    const struct table table = {
        .rows = &rows,
        .row_count = rows.count,
        .fill = fill_member,
        .column_count = ARRAY_LENGTH(member_columns),
        .columns = is_enum ? enumerator_columns : member_columns,
        .selected_count = ARRAY_LENGTH(selected_of_enum),
        .selected = is_enum ? selected_of_enum : NULL,
    };
    table_append_markdown(&table, writer->out);
    append(writer, "\n");
    return NULL;
}

static struct error *append_changed(const struct markdown_writer *writer,
                                    const struct definition_change *change)
{
    append(writer, "### ");
    append_name(writer->out, change);
    append(writer, "\n\n");
    append_paragraph(writer->out, change, append_sizes);
    append_paragraph(writer->out, change, difference_append_places);
    append_paragraph(writer->out, change, difference_append_further);
    return append_members(writer, change);
}

static struct error *append_all_changed(const struct markdown_writer *writer)
{
    const struct kernel_difference *difference = writer->difference;

    append(writer, "\n## Changed\n\n");
    if (writer->detail == DIFFERENCE_LINES) {
        append(writer, "Members: `+` added, `-` removed, `>` only moved, `~` changed "
                       "otherwise.\n\n");
        append_table(writer, FATE_CHANGED);
        return NULL;
    }
    append(writer, "Offsets and sizes are in bytes; a bit-field's offset is the byte and, after a "
                   "colon, the bit. `+` was added, `-` removed, `>` only moved, `~` changed "
                   "otherwise; `=` is told above. What ends in a question mark is a guess.\n\n");
    for (size_t i = 0; i < difference->change_count; i++) {
        if (definition_change_is_in_both(&difference->changes[i]))
            TRY(append_changed(writer, &difference->changes[i]));
    }
    return NULL;
}

static bool has_fate(const struct kernel_difference *difference, enum fate fate)
{
    for (size_t i = 0; i < difference->change_count; i++) {
        if (difference->changes[i].fate == fate)
            return true;
    }
    return false;
}

struct error *difference_markdown_render(const struct kernel_difference *difference,
                                         enum difference_detail detail, struct buffer *out)
{
    const struct markdown_writer writer = {difference, detail, out};

    append_head(&writer);
    if (difference->change_count == 0)
        append(&writer, "\nNothing differs.\n");
    if (has_fate(difference, FATE_ADDED))
        TRY(append_list(&writer, FATE_ADDED, "Added"));
    if (has_fate(difference, FATE_REMOVED))
        TRY(append_list(&writer, FATE_REMOVED, "Removed"));
    if (has_fate(difference, FATE_CHANGED) || has_fate(difference, FATE_ONLY_MOVED))
        TRY(append_all_changed(&writer));
    return buffer_check(out, "the differences");
}
