/* SPDX-License-Identifier: MIT */
#include "report/tables/status/status_page.h"

#include "base/text/counted.h"
#include "report/compare/status_word.h"
#include "report/output/table_output.h"
#include "report/tables/kernel_legend.h"
#include "report/tables/places_note.h"
#include "report/tables/status/status_table.h"
#include "report/write/markdown.h"

void status_page_append_letter_name(char letter, struct buffer *out)
{
    if (letter == '_')
        buffer_append_text(out, "other");
    else
        buffer_append_char(out, letter);
}

void status_page_append_letter_links(const struct status_pages *pages, char own_letter,
                                     struct buffer *out)
{
    for (size_t i = 0; i < pages->index->letter_count; i++) {
        char letter = pages->index->letters[i].letter;
        bool is_own = letter == own_letter;
        if (i > 0)
            buffer_append_char(out, ' ');
        buffer_append_text(out, is_own ? "**" : "[");
        status_page_append_letter_name(letter, out);
        if (is_own)
            buffer_append_text(out, "**");
        else
            buffer_append_format(out, "](%c.md)", letter);
    }
}

void status_page_append_link(const struct status_pages *pages, size_t entry_index,
                             struct buffer *out)
{
    const struct history_definition *entry =
        &pages->context->input.history->definitions[entry_index];

    markdown_append_definition_link(out, "../", page_formats_of(pages->context, entry), entry->kind,
                                    entry->name);
}

/* The kernels that are wanted and have no column. */
static void append_missing(const struct status_pages *pages, struct buffer *out)
{
    const struct coverage *coverage = pages->context->input.coverage;
    const char *separator = "- Without a column, because they were not read: ";

    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_kernel *kernel = &coverage->kernels[i];
        if (kernel->report_index != COVERAGE_NOT_IN_REPORT)
            continue;
        buffer_append_text(out, separator);
        markdown_append_code(out, kernel->name);
        buffer_append_format(out, " (%s)", coverage_state_text(kernel->state));
        separator = ", ";
    }
    if (separator[0] == ',')
        buffer_append_text(out, "; [Coverage](../Coverage.md) says why\n");
}

static void append_legend(const struct status_pages *pages, struct buffer *out)
{
    const struct kernel_groups *groups = pages->context->input.groups;

    buffer_append_text(out, "A cell compares the definition in the column's kernel with that in "
                            "another kernel, which is named below:\n\n");
    for (size_t i = 0; i < STATUS_COUNT; i++)
        buffer_append_format(out, "- %s %s\n", status_texts[i].symbol, status_texts[i].meaning);
    if (pages->columns->folds.count < pages->columns->count)
        buffer_append_text(out,
                           "\nA column of several kernels has the symbols of all, each with how "
                           "many of them it is true of, unless it is of all.\n");
    buffer_append_text(out, "\nThe columns:\n\n");
    for (size_t i = 0; i < groups->count; i++) {
        buffer_append_text(out, "- **");
        markdown_append_text(out, groups->groups[i].name);
        buffer_append_text(out, "**");
        kernel_legend_append(pages->context, pages->columns, true, &groups->groups[i], out);
        buffer_append_char(out, '\n');
    }
    append_missing(pages, out);
    places_note_append(pages->context, pages->columns, out);
}

void status_page_append(const struct status_pages *pages, const struct name_letter *letter,
                        struct buffer *out)
{
    const struct status_rows rows = {pages, letter->entries};
    const struct table table = status_table_for_people(&rows, letter->count);

    buffer_append_text(out, STATUS_PAGE_BEGINNING ": ");
    status_page_append_letter_name(letter->letter, out);
    buffer_append_text(out, "\n\n[All](README.md): ");
    status_page_append_letter_links(pages, letter->letter, out);
    buffer_append_format(out, "\n\n%zu %s in %zu %s. ", COUNTED(letter->count, "definition"),
                         COUNTED(pages->columns->count, "kernel"));
    append_legend(pages, out);
    buffer_append_char(out, '\n');
    table_append_markdown(&table, out);
}
