/* SPDX-License-Identifier: MIT */
#include "report/news/changes_markdown.h"

#include <inttypes.h>
#include <string.h>

#include "report/pages/page_plan.h"
#include "report/write/definition_title.h"
#include "report/write/markdown.h"
#include "report/write/pair_path.h"
#include "report/write/table/table.h"

enum {
    NAMES_MAXIMUM = 50,      /* of structs, for each fate */
    COMPARISONS_MAXIMUM = 3, /* in the line of an older entry */
    DAY_LENGTH = 10,
};

static const struct change_text_style style = {markdown_append_code, markdown_append_text};

static const char *const news_headings[KERNEL_NEWS_COUNT] = {
    [KERNELS_ADDED] = "Kernels added",
    [KERNELS_REMOVED] = "Kernels removed",
    [KERNELS_CHANGED] = "Kernels that were read anew and have other definitions",
};

static void append_day(struct buffer *out, const struct change_entry *entry)
{
    buffer_append(out, entry->updated, DAY_LENGTH);
}

static bool has_page(const struct report_context *context,
                     const struct change_comparison *comparison)
{
    return survey_has_pair(&context->survey, context->input.history, comparison->before,
                           comparison->after);
}

static void append_page_link(struct buffer *out, const struct change_comparison *comparison)
{
    buffer_append_text(out, "(Differences/");
    pair_path_append_link(comparison->before, comparison->after, ".md", out);
    buffer_append_char(out, ')');
}

static void append_definition(const struct report_context *context, const char *title,
                              struct buffer *out)
{
    enum definition_kind kind;
    const char *name;

    definition_title_parse(title, &kind, &name);
    const struct history_definition *entry = history_find(context->input.history, kind, name);
    unsigned formats = entry ? page_formats_of(context, entry) : 0;
    markdown_append_definition_link(out, "", formats, kind, name);
}

static void append_definitions(const struct report_context *context,
                               const struct change_comparison *comparison, enum fate fate,
                               struct buffer *out)
{
    uint64_t count = comparison->counts[fate];

    if (count == 0)
        return;
    buffer_append_format(out, "\n**%s, %" PRIu64 ":** ", fate_texts[fate].heading, count);
    for (uint64_t i = 0; i < count && i < NAMES_MAXIMUM; i++) {
        if (i > 0)
            buffer_append_text(out, ", ");
        append_definition(context, comparison->names[fate][i], out);
    }
    if (count > NAMES_MAXIMUM && has_page(context, comparison)) {
        buffer_append_format(out, " and [%" PRIu64 " more]", count - NAMES_MAXIMUM);
        append_page_link(out, comparison);
    } else if (count > NAMES_MAXIMUM) {
        buffer_append_format(out, " and %" PRIu64 " more", count - NAMES_MAXIMUM);
    }
    buffer_append_char(out, '\n');
}

static void append_details(const struct report_context *context,
                           const struct change_comparison *comparison, struct buffer *out)
{
    size_t length;

    if (!comparison->has_names)
        return;
    buffer_append_text(out, "\n### ");
    markdown_append_text(out, comparison->group);
    buffer_append_text(out, ": ");
    markdown_append_code(out, comparison->before);
    buffer_append_text(out, " → ");
    markdown_append_code(out, comparison->after);
    buffer_append_char(out, '\n');
    length = out->length;
    for (size_t i = 0; i < FATE_COUNT; i++)
        append_definitions(context, comparison, i, out);
    if (out->length == length)
        buffer_append_text(out, "\nNothing differs.\n");
}

/* Does the heading above lack a name? */
static bool has_short_title(const struct change_entry *entry)
{
    bool is_short = entry->is_beginning;

    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++)
        is_short |= entry->kernels[i].count > TITLE_NAMES_MAXIMUM;
    return is_short;
}

static void append_kernels(const struct change_entry *entry, struct buffer *out)
{
    if (!has_short_title(entry))
        return;
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++) {
        const struct text_list *list = &entry->kernels[i];
        if (list->count == 0)
            continue;
        buffer_append_format(out, "- %s: ", entry->is_beginning ? "Kernels" : news_headings[i]);
        for (size_t j = 0; j < list->count; j++) {
            if (j > 0)
                buffer_append_text(out, ", ");
            markdown_append_code(out, list->texts[j]);
        }
        buffer_append_char(out, '\n');
    }
}

/* What the table's rows are: the comparisons of an entry. */
struct comparison_rows {
    const struct report_context *context;
    const struct change_entry *entry;
};

/* The kernel, with a link to what it differs in. */
static void append_kernel(const struct comparison_rows *rows,
                          const struct change_comparison *comparison, struct buffer *out)
{
    bool is_linked = has_page(rows->context, comparison);

    buffer_append_text(out, is_linked ? "[" : "");
    markdown_append_code(out, comparison->after);
    buffer_append_text(out, is_linked ? "]" : "");
    if (is_linked)
        append_page_link(out, comparison);
}

static void fill_comparison(const struct table *table, size_t row, struct table_cell *cells)
{
    const struct comparison_rows *rows = table->rows;
    const struct change_comparison *comparison = &rows->entry->comparisons[row];

    table_cell_set_text(&cells[0], comparison->group);
    append_kernel(rows, comparison, table_cell_show(&cells[1]));
    table_cell_set_code(&cells[2], comparison->before);
    for (size_t fate = 0; fate < FATE_COUNT; fate++)
        table_cell_set_number(&cells[3 + fate], comparison->counts[fate]);
}

static const struct table_column comparison_columns[] = {
    {NULL, "group", ALIGN_LEFT},         {NULL, "kernel", ALIGN_LEFT},
    {NULL, "compared with", ALIGN_LEFT}, {NULL, "definitions added", ALIGN_RIGHT},
    {NULL, "removed", ALIGN_RIGHT},      {NULL, "changed", ALIGN_RIGHT},
    {NULL, "only moved", ALIGN_RIGHT},
};

static void append_table(const struct report_context *context, const struct change_entry *entry,
                         struct buffer *out)
{
    const struct comparison_rows rows = {context, entry};
    const struct table table = {
        .rows = &rows,
        .row_count = entry->comparison_count,
        .fill = fill_comparison,
        .column_count = ARRAY_LENGTH(comparison_columns),
        .columns = comparison_columns,
    };

    if (entry->comparison_count == 0)
        return;
    buffer_append_char(out, '\n');
    table_append_markdown(&table, out);
}

static bool is_compared(const struct change_entry *entry, const char *kernel)
{
    for (size_t i = 0; i < entry->comparison_count; i++) {
        if (strcmp(entry->comparisons[i].after, kernel) == 0)
            return true;
    }
    return false;
}

/* Why a new kernel does not appear in the table. */
static void append_first_ones(const struct change_entry *entry, struct buffer *out)
{
    static const enum kernel_news fresh[] = {KERNELS_ADDED, KERNELS_CHANGED};

    for (size_t i = 0; i < ARRAY_LENGTH(fresh) && !entry->is_beginning; i++) {
        const struct text_list *list = &entry->kernels[fresh[i]];
        for (size_t j = 0; j < list->count; j++) {
            if (is_compared(entry, list->texts[j]))
                continue;
            buffer_append_text(out, "\nNo kernel of the report comes before ");
            markdown_append_code(out, list->texts[j]);
            buffer_append_text(out, ", so it is compared with none.\n");
        }
    }
}

static void append_newest(const struct report_context *context, const struct change_entry *entry,
                          struct buffer *out)
{
    buffer_append_text(out, "\n## ");
    append_day(out, entry);
    buffer_append_text(out, ": ");
    change_entry_append_title(out, entry, &style);
    buffer_append_char(out, '\n');
    append_kernels(entry, out);
    append_table(context, entry, out);
    append_first_ones(entry, out);
    for (size_t i = 0; i < entry->comparison_count; i++)
        append_details(context, &entry->comparisons[i], out);
}

void changes_markdown_append(const struct report_context *context, const struct change_log *log,
                             struct buffer *out)
{
    buffer_append_text(
        out,
        "# Changes\n\n"
        "What came new into this report, newest first; also as [data](changes.json) and as a "
        "[feed](changes.atom). The day is that on which the latest of its kernels was read.\n\n"
        "Structs, unions, enums and typedefs that were *added* are those that the kernel has and "
        "the one that it is compared with has not; *removed* is the reverse. Those that *only "
        "moved* have members at other places and do not differ otherwise; they do not count as "
        "*changed*.\n");
    append_newest(context, &log->entries[0], out);
    if (log->entry_count > 1)
        buffer_append_text(out, "\n## Earlier\n\n");
    for (size_t i = 1; i < log->entry_count; i++) {
        buffer_append_text(out, "- ");
        append_day(out, &log->entries[i]);
        buffer_append_text(out, ": ");
        change_entry_append_title(out, &log->entries[i], &style);
        buffer_append_char(out, '.');
        change_entry_append_comparisons(out, &log->entries[i], COMPARISONS_MAXIMUM, &style);
        buffer_append_char(out, '\n');
    }
}
