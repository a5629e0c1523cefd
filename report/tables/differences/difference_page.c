/* SPDX-License-Identifier: MIT */
#include "report/tables/differences/difference_page.h"

#include "report/compare/fate.h"
#include "report/output/table_output.h"
#include "report/tables/differences/difference_table.h"
#include "report/tables/kernel_legend.h"
#include "report/tables/places_note.h"
#include "report/write/markdown.h"

/* The COUNT pairs of a group from number FIRST of the survey on. */
static void append_group(const struct report_context *context, const struct kernel_columns *columns,
                         size_t first, size_t count, struct buffer *out)
{
    const struct pair_rows rows = {context, columns, &context->survey.pairs[first]};
    const struct table table = difference_table(&rows, count, DIFFERENCE_COLUMN_KERNELS);
    const struct kernel_group *group = rows.pairs[0].group;

    buffer_append_text(out, "\n## ");
    markdown_append_text(out, group->name);
    buffer_append_text(out, "\n\nKernels");
    kernel_legend_append(context, columns, false, group, out);
    buffer_append_text(out, "\n\n");
    table_append_markdown(&table, out);
}

void difference_page_append_overview(const struct report_context *context,
                                     const struct kernel_columns *columns, struct buffer *out)
{
    const struct survey *survey = &context->survey;

    buffer_append_text(out, DIFFERENCES_PAGE_BEGINNING
                       "\n\n"
                       "How many structs changed from kernel to kernel. The kernels link to a page "
                       "that says which, and how, and which unions, enums and typedefs did.\n\n"
                       "*Changed* are structs that both kernels have and that differ in anything, "
                       "places and sizes included. The counts after it are of these, and one "
                       "struct may be in several: a *field added* or *removed*, also in a struct "
                       "or union without a name; a field's *type changed*; the struct's own "
                       "*size changed*; *only moved*: other offsets, order or nesting of fields, "
                       "and nothing else. What only modules define counts where the modules of "
                       "both kernels were read.\n");
    places_note_append(context, columns, out);
    for (size_t i = 0, end; i < survey->pair_count; i = end) {
        for (end = i + 1; end < survey->pair_count; end++) {
            if (survey->pairs[end].group != survey->pairs[i].group)
                break;
        }
        append_group(context, columns, i, end - i, out);
    }
}

/* What is said of the definitions of a pair that one thing became of. */
struct section {
    const struct report_context *context;
    const struct name_index *index;
    size_t pair;
    enum fate fate;
    bool has_words; /* say of each struct what kinds of changes there are; a line a struct */
};

/* The definitions of one letter; those without words are a paragraph. */
static void append_letter(const struct section *section, const struct name_letter *letter,
                          struct buffer *out)
{
    const struct report_context *context = section->context;
    const char *before = section->has_words ? "- " : "\n";

    for (size_t i = 0; i < letter->count; i++) {
        const struct history_definition *entry =
            &context->input.history->definitions[letter->entries[i]];
        unsigned word = survey_word_of(&context->survey, letter->entries[i], section->pair);
        if (fate_of_definition(word) != section->fate)
            continue;
        buffer_append_text(out, before);
        markdown_append_definition_link(out, "../", page_formats_of(context, entry), entry->kind,
                                        entry->name);
        if (section->has_words) {
            buffer_append_text(out, ": ");
            change_kinds_append(out, word);
            buffer_append_char(out, '\n');
        } else {
            before = ",\n";
        }
    }
    if (before[0] == ',')
        buffer_append_char(out, '\n');
}

/* How many definitions of all kinds it is of. */
static size_t count_section(const struct section *section)
{
    size_t count = 0;

    for (size_t i = 0; i < section->index->entry_count; i++)
        count +=
            fate_of_definition(survey_word_of(&section->context->survey, section->index->entries[i],
                                              section->pair)) == section->fate;
    return count;
}

static void append_section(const struct section *section, struct buffer *out)
{
    size_t count = count_section(section);

    if (count == 0)
        return;
    buffer_append_format(out, "\n## %s: %zu\n", fate_texts[section->fate].heading, count);
    if (section->has_words)
        buffer_append_char(out, '\n');
    for (size_t i = 0; i < section->index->letter_count; i++)
        append_letter(section, &section->index->letters[i], out);
}

void difference_page_append(const struct report_context *context, const struct name_index *index,
                            size_t pair_index, struct buffer *out)
{
    const struct survey_pair *pair = &context->survey.pairs[pair_index];
    const struct pair_rows rows = {context, NULL, pair};
    const struct table table = difference_table(&rows, 1, DIFFERENCE_COLUMN_COUNTS);

    buffer_append_text(out, DIFFERENCES_PAGE_BEGINNING ": ");
    markdown_append_code(out, report_kernel_name(context, pair->kernels.before));
    buffer_append_text(out, " to ");
    markdown_append_code(out, report_kernel_name(context, pair->kernels.after));
    buffer_append_text(
        out, "\n\n[All pairs](README.md), and what these words mean. The table counts structs; the "
             "lists have what differs of every kind.\n\n");
    table_append_markdown(&table, out);
    for (enum fate fate = 0; fate < FATE_COUNT; fate++) {
        const struct section section = {context, index, pair_index, fate, fate == FATE_CHANGED};
        append_section(&section, out);
    }
}
