/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "model/text/escape.h"
#include "report/pages/change_table.h"
#include "report/pages/full_page.h"
#include "report/write/known_number.h"

static const struct layout *layout_in(const struct full_page *page, size_t kernel)
{
    return page->view.entry->layouts[kernel];
}

/* Was everything compared that the page tells of? */
static bool is_all_known(const struct full_page *page, const struct kernel_pair *pair)
{
    return !layout_in(page, pair->before)->lacks_member_sizes &&
           !layout_in(page, pair->after)->lacks_member_sizes;
}

static void append_text(struct full_page *page, const char *text)
{
    buffer_append_text(page->out, text);
}

/* "WORD between `A` and `B`", in Markdown. */
static void append_between(struct full_page *page, const char *word, const struct kernel_pair *pair)
{
    buffer_append_format(page->out, "\n%s between ", word);
    full_page_append_kernel(page, pair->before);
    append_text(page, " and ");
    full_page_append_kernel(page, pair->after);
}

static void append_coming(struct full_page *page, const struct kernel_pair *pair, bool is_added)
{
    size_t kernel = is_added ? pair->after : pair->before;

    append_between(page, is_added ? "Added" : "Removed", pair);
    append_text(page, is_added ? " ➕ with " : " ➖ It had ");
    full_page_append_layout_link(page->out, page->view.layouts.of_kernels[kernel]);
    if (page->view.entry->kind != DEFINITION_TYPEDEF || layout_in(page, kernel)->byte_size > 0) {
        append_text(page, ", ");
        known_number_append_bytes(page->out, layout_in(page, kernel));
    }
    append_text(page, ".\n");
}

/* Does nothing change in pair NEXT of the survey either, and does it go on from those from FIRST to
 * LAST, in which nothing does? */
static bool goes_on(const struct full_page *page, size_t first, size_t last, size_t next)
{
    const struct survey *survey = &page->view.context->survey;
    const struct survey_pair *pairs = survey->pairs;

    return next < survey->pair_count && pairs[next].group == pairs[first].group &&
           definition_view_word(&page->view, next) == 0 &&
           (pairs[next].kernels.before == pairs[last].kernels.after ||
            pairs[next].kernels.before == pairs[first].kernels.before) &&
           is_all_known(page, &pairs[next].kernels) == is_all_known(page, &pairs[first].kernels);
}

/* One line for all such pairs from FIRST on; the index after the last of them. */
static size_t append_same(struct full_page *page, size_t first)
{
    const struct survey_pair *pairs = page->view.context->survey.pairs;
    size_t last = first;

    append_text(page, is_all_known(page, &pairs[first].kernels) ? "\nNo changes between "
                                                                : "\nNo known changes between ");
    full_page_append_kernel(page, pairs[first].kernels.before);
    for (; goes_on(page, first, last, last + 1); last++) {
        append_text(page, ", ");
        full_page_append_kernel(page, pairs[last].kernels.after);
    }
    append_text(page, " and ");
    full_page_append_kernel(page, pairs[last].kernels.after);
    append_text(page, " ✅\n");
    return last + 1;
}

static void append_html_kernel(struct full_page *page, size_t kernel)
{
    append_text(page, "<code>");
    escape_append(page->out, ESCAPE_HTML, page->view.history->kernel_names[kernel]);
    append_text(page, "</code>");
}

/* "Changed between A and B ❓ 64 ➡️ 72 bytes (+8): 1 inserted, 5 moved" */
static void append_summary(struct full_page *page, const struct kernel_pair *pair,
                           const struct layout_comparison *comparison)
{
    const struct layout *before = comparison->before;
    const struct layout *after = comparison->after;
    bool has_both = layout_has_byte_size(before) && layout_has_byte_size(after);

    append_text(page, "Changed between ");
    append_html_kernel(page, pair->before);
    append_text(page, " and ");
    append_html_kernel(page, pair->after);
    append_text(page, " ❓ ");
    if (before->byte_size != after->byte_size) {
        known_number_append(page->out, layout_has_byte_size(before), before->byte_size);
        append_text(page, " ➡️ ");
    }
    if (!after->type || before->byte_size > 0 || after->byte_size > 0)
        known_number_append_bytes(page->out, after);
    if (has_both && before->byte_size != after->byte_size)
        buffer_append_format(page->out, " (%+" PRId64 ")",
                             (int64_t)(after->byte_size - before->byte_size));
    if (comparison->change_count > 0) {
        append_text(page, ": ");
        change_table_append_counts(page->out, comparison);
    }
    if (comparison->kinds & CHANGE_ORDER)
        append_text(page, "; reordered");
}

static struct error *append_changed(struct full_page *page, const struct kernel_pair *pair)
{
    const struct comparison_scopes scopes =
        comparison_scopes_of(page->view.history, page->view.entry, pair->before, pair->after);
    struct layout_comparison comparison;

    TRY(layout_compare(layout_in(page, pair->before), layout_in(page, pair->after), &scopes,
                       page->view.arena, &comparison));
    append_text(page, "\n<details markdown=\"1\">\n<summary>");
    append_summary(page, pair, &comparison);
    append_text(page, "</summary>\n\nFrom ");
    full_page_append_layout_link(page->out, page->view.layouts.of_kernels[pair->before]);
    append_text(page, " to ");
    full_page_append_layout_link(page->out, page->view.layouts.of_kernels[pair->after]);
    append_text(page,
                is_all_known(page, pair)
                    ? ".\n\n"
                    : ". The members' sizes are not known on both sides and not compared.\n\n");
    change_table_append(page->out, &comparison);
    append_text(page, "\n</details>\n");
    return NULL;
}

static void append_heading(struct full_page *page, const struct kernel_group *group)
{
    append_text(page, "\n### ");
    escape_append(page->out, ESCAPE_HEADING, group->name);
    append_text(page, "\n");
}

struct error *full_page_append_differences(struct full_page *page)
{
    const struct survey *survey = &page->view.context->survey;
    const struct kernel_group *group = NULL;

    append_text(page, "\n## Differences\n");
    for (size_t i = 0, next; i < survey->pair_count; i = next) {
        const struct survey_pair *pair = &survey->pairs[i];
        unsigned word = definition_view_word(&page->view, i);
        next = i + 1;
        if (word == SURVEY_ABSENT)
            continue;
        if (pair->group != group)
            append_heading(page, pair->group);
        group = pair->group;
        if (word == 0)
            next = append_same(page, i);
        else if (word == SURVEY_ADDED || word == SURVEY_REMOVED)
            append_coming(page, &pair->kernels, word == SURVEY_ADDED);
        else
            TRY(append_changed(page, &pair->kernels));
    }
    return NULL;
}
