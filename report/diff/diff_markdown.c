/* SPDX-License-Identifier: MIT */
#include "report/diff/diff_markdown.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "report/diff/diff_rows.h"
#include "report/write/c_text.h"
#include "report/write/definition_title.h"
#include "report/write/markdown.h"

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
static struct error *append_text_of(const struct markdown_writer *writer,
                                    const struct definition_change *change,
                                    append_function *function, const char *behind)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, writer->out->maximum);
    function(&text, change);
    TRY(buffer_check(&text, change->name));
    if (text.length > 0) {
        markdown_append_text(writer->out, buffer_text(&text));
        append(writer, behind);
    }
    return NULL;
}

static bool is_shown(const struct kernel_difference *difference, enum definition_kind kind)
{
    return kind == DEFINITION_STRUCT || kind_counts_differ(&difference->counts[kind]);
}

/* A row with a number for each kind that is shown; OFFSET is that of the number in the counts. */
static void append_count_row(const struct markdown_writer *writer, const char *heading,
                             size_t offset)
{
    const struct kernel_difference *difference = writer->difference;

    buffer_append_format(writer->out, "| %s |", heading);
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        const char *counts = (const char *)&difference->counts[kind];
        size_t count;
        memcpy(&count, counts + offset, sizeof(count));
        if (is_shown(difference, kind))
            buffer_append_format(writer->out, " %zu |", count);
    }
    append(writer, "\n");
}

static void append_count_head(const struct markdown_writer *writer)
{
    append(writer, "\n\n| |");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (is_shown(writer->difference, kind))
            buffer_append_format(writer->out, " %s |", definition_kind_texts[kind].plural);
    }
    append(writer, "\n|---|");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (is_shown(writer->difference, kind))
            append(writer, "---:|");
    }
    append(writer, "\n");
}

static struct error *append_head(const struct markdown_writer *writer)
{
    const struct kernel_difference *difference = writer->difference;
    const char *const names[] = {difference->before_name, difference->after_name};
    static const size_t offsets[] = {offsetof(struct kind_counts, before),
                                     offsetof(struct kind_counts, after)};

    append(writer, "# Differences between ");
    markdown_append_code(writer->out, difference->before_name);
    append(writer, " and ");
    markdown_append_code(writer->out, difference->after_name);
    append_count_head(writer);
    for (size_t i = 0; i < ARRAY_LENGTH(names) && !difference->is_selection; i++) {
        CLEANUP(buffer_deinit) struct buffer heading;
        buffer_init(&heading, writer->out->maximum);
        buffer_append_text(&heading, "in ");
        markdown_append_code(&heading, names[i]);
        TRY(buffer_check(&heading, names[i]));
        append_count_row(writer, buffer_text(&heading), offsets[i]);
    }
    append_count_row(writer, "added", offsetof(struct kind_counts, added));
    append_count_row(writer, "removed", offsetof(struct kind_counts, removed));
    append_count_row(writer, "changed", offsetof(struct kind_counts, changed));
    append_count_row(writer, "of these only in members' places",
                     offsetof(struct kind_counts, only_places));
    return NULL;
}

/* "union foo": of a struct its name alone. */
static void append_name(const struct markdown_writer *writer,
                        const struct definition_change *change)
{
    definition_title_append_kind(writer->out, change->kind);
    markdown_append_code(writer->out, change->name);
}

/* Of a definition that only one of the kernels has. */
static void append_name_and_size(const struct markdown_writer *writer,
                                 const struct definition_change *change)
{
    const struct layout *layout =
        change->fate == FATE_ADDED ? change->after.layout : change->before.layout;

    append(writer, "| ");
    append_name(writer, change);
    append(writer, " | ");
    if (layout_has_byte_size(layout))
        buffer_append_format(writer->out, "%" PRIu64, layout->byte_size);
    append(writer, " |\n");
}

static struct error *append_definition(const struct markdown_writer *writer,
                                       const struct definition_change *change)
{
    bool is_added = change->fate == FATE_ADDED;

    /* Every line of a definition begins with a word, "}", "/" or a space, and its names cannot
     * end one: nothing in it closes the fence. */
    append(writer, "\n```c\n");
    TRY(definition_render(is_added ? change->after.layout : change->before.layout, NULL,
                          writer->out));
    append(writer, "```\n");
    return NULL;
}

static struct error *append_list(const struct markdown_writer *writer, enum fate fate,
                                 const char *heading)
{
    const struct kernel_difference *difference = writer->difference;
    bool has_definitions = writer->detail == DIFFERENCE_MEMBERS && difference->is_selection;

    buffer_append_format(writer->out, "\n## %s\n\n| name | bytes |\n|---|---:|\n", heading);
    for (size_t i = 0; i < difference->change_count; i++) {
        if (difference->changes[i].fate == fate)
            append_name_and_size(writer, &difference->changes[i]);
    }
    for (size_t i = 0; has_definitions && i < difference->change_count; i++) {
        if (difference->changes[i].fate == fate)
            TRY(append_definition(writer, &difference->changes[i]));
    }
    return NULL;
}

static void append_member(const struct markdown_writer *writer, const struct difference_row *row)
{
    if (row->run_count == 1) {
        markdown_append_code(writer->out, row->member);
        return;
    }
    buffer_append_format(writer->out, "%" PRIu32 " members, ", row->run_count);
    markdown_append_code(writer->out, row->member);
    append(writer, " to ");
    markdown_append_code(writer->out, row->last_member);
}

static void append_remarks(const struct markdown_writer *writer, const struct difference_row *row)
{
    markdown_append_text(writer->out, row->words);
    if (row->was[0] != '\0') {
        append(writer, "; was ");
        markdown_append_code(writer->out, row->was);
    }
    if (row->hint[0] == '\0')
        return;
    append(writer, "; *");
    markdown_append_text(writer->out, row->hint);
    append(writer, "* ");
    markdown_append_code(writer->out, row->hint_path);
    if (row->hint_struct[0] != '\0') {
        append(writer, " of struct ");
        markdown_append_code(writer->out, row->hint_struct);
    }
}

static void append_row(const struct markdown_writer *writer, const struct difference_row *row)
{
    append(writer, "| ");
    markdown_append_code(writer->out, (char[]){row->sign, '\0'});
    buffer_append_format(writer->out, " | %s | %s | ", row->before, row->after);
    markdown_append_text(writer->out, row->size);
    append(writer, " | ");
    append_member(writer, row);
    append(writer, " | ");
    append_remarks(writer, row);
    append(writer, " |\n");
}

static struct error *append_members(const struct markdown_writer *writer,
                                    const struct definition_change *change)
{
    CLEANUP(arena_deinit) struct arena scratch;
    struct difference_rows rows;

    arena_init(&scratch);
    TRY(difference_rows_make(change, &scratch, &rows));
    if (rows.count > 0)
        append(writer, "| | offset | new offset | bytes | member | what changed |\n"
                       "|---|---:|---:|---:|---|---|\n");
    for (size_t i = 0; i < rows.count; i++)
        append_row(writer, &rows.rows[i]);
    if (rows.count > 0)
        append(writer, "\n");
    return NULL;
}

static struct error *append_changed(const struct markdown_writer *writer,
                                    const struct definition_change *change)
{
    append(writer, "### ");
    append_name(writer, change);
    append(writer, "\n\n");
    TRY(append_text_of(writer, change, append_sizes, "\n\n"));
    TRY(append_text_of(writer, change, difference_append_places, "\n\n"));
    TRY(append_text_of(writer, change, difference_append_further, "\n\n"));
    return append_members(writer, change);
}

static void append_counts(struct buffer *out, const struct definition_change *change)
{
    difference_append_counts(out, change->member_counts);
}

static struct error *append_changed_line(const struct markdown_writer *writer,
                                         const struct definition_change *change)
{
    append(writer, "| ");
    append_name(writer, change);
    append(writer, " | ");
    TRY(append_text_of(writer, change, append_sizes, ""));
    append(writer, " | ");
    TRY(append_text_of(writer, change, append_counts, ""));
    append(writer, " |\n");
    return NULL;
}

static struct error *append_all_changed(const struct markdown_writer *writer)
{
    const struct kernel_difference *difference = writer->difference;
    bool has_members = writer->detail == DIFFERENCE_MEMBERS;

    append(writer, "\n## Changed\n\n");
    append(writer,
           has_members
               ? "Offsets and sizes are in bytes; a bit-field's offset is the byte and, behind a "
                 "colon, the bit. `+` was added, `-` removed, `>` only moved, `~` changed "
                 "otherwise; `=` is told above. What ends in a question mark is a guess.\n\n"
               : "Members: `+` added, `-` removed, `>` only moved, `~` changed otherwise.\n\n"
                 "| name | size | members |\n|---|---|---|\n");
    for (size_t i = 0; i < difference->change_count; i++) {
        const struct definition_change *change = &difference->changes[i];
        if (definition_change_is_in_both(change))
            TRY(has_members ? append_changed(writer, change) : append_changed_line(writer, change));
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

    TRY(append_head(&writer));
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
