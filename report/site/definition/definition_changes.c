/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text/counted.h"
#include "report/pages/change_table.h"
#include "report/site/definition/definition_page.h"
#include "report/site/html/c_listing.h"
#include "report/site/html/html.h"
#include "report/write/c/declarator.h"
#include "report/write/known_number.h"
#include "report/write/place.h"

enum { TYPE_MAXIMUM = TYPE_TEXT_MAXIMUM * 2 };

static void append(struct definition_page *page, const char *text)
{
    buffer_append_text(page->out, text);
}

/* "A → B", a link to the pair's page. */
static void append_pair(struct definition_page *page, const struct kernel_pair *pair)
{
    const char *before = page->view.history->kernel_names[pair->before];
    const char *after = page->view.history->kernel_names[pair->after];
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, page->out->maximum);
    buffer_append_format(&text, "%s → %s", before, after);
    html_append_pair_link(page->out, HTML_TO_TOP, before, after, buffer_text(&text));
    buffer_take_failure(page->out, &text);
}

static void append_type(struct definition_page *page, const struct type *type)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, TYPE_MAXIMUM);
    declarator_append_type(&text, type);
    buffer_take_failure(page->out, &text);
    append(page, "<code>");
    c_listing_append(page->out, page->view.context->site, HTML_TO_TOP, buffer_text(&text));
    append(page, "</code>");
}

/* Where a member is, or what an enumerator's value is. */
static void append_place(struct definition_page *page, const struct layout *layout,
                         const struct member_path *path)
{
    if (path->kind == PATH_ENUMERATOR)
        enumerator_append_value(page->out, path->enumerator);
    else if (path->kind == PATH_MEMBER && layout_has_places(layout))
        place_append(page->out, path->member->bit_offset, path->member->bitfield_size > 0, false);
    else
        append(page, "?");
}

static void append_hint(struct definition_page *page, const struct member_change *change)
{
    if (change->hint == HINT_NONE)
        return;
    append(page, ", ");
    append(page, change_hint_phrase(change->hint, change->after == NULL));
    html_append_code(page->out, change->hint_path);
    if (change->hint_struct) {
        append(page, " of struct ");
        html_append_code(page->out, change->hint_struct);
    }
}

static void append_came_or_went(struct definition_page *page, const struct layout *layout,
                                const struct member_change *change)
{
    const struct member_path *path = change->after ? change->after : change->before;

    append(page, change->after ? "<li class=\"add\">+ " : "<li class=\"del\">− ");
    html_append_code(page->out, path->path);
    if (path->kind == PATH_MEMBER) {
        append(page, " ");
        append_type(page, path->member->type);
    }
    append(page, path->kind == PATH_ENUMERATOR ? " = " : " at ");
    append_place(page, layout, path);
    append_hint(page, change);
    append(page, "\n");
}

static void append_otherwise(struct definition_page *page,
                             const struct layout_comparison *comparison,
                             const struct member_change *change)
{
    append(page, "<li>");
    if (change->after->kind != PATH_TYPE) {
        html_append_code(page->out, change->after->path);
        append(page, " ");
    }
    change_kinds_append(page->out, change->kinds);
    if (change->kinds & CHANGE_TYPE) {
        append(page, ": ");
        append_type(page, change->before->member->type);
        append(page, " → ");
        append_type(page, change->after->member->type);
    }
    if (change->kinds & CHANGE_WIDTH)
        buffer_append_format(page->out, ": %" PRIu32 " → %" PRIu32 " bits",
                             change->before->member->bitfield_size,
                             change->after->member->bitfield_size);
    if (change->kinds & (CHANGE_MOVED | CHANGE_VALUE)) {
        append(page, "; ");
        append_place(page, comparison->before, change->before);
        append(page, " → ");
        append_place(page, comparison->after, change->after);
    }
    append(page, "\n");
}

/* The members that have only another place are in the table above: they are counted. */
static void append_members(struct definition_page *page, const struct layout_comparison *comparison)
{
    bool is_any = false;

    for (uint32_t i = 0; i < comparison->change_count; i++) {
        const struct member_change *change = &comparison->changes[i];
        if (!(change->kinds & ~(unsigned)CHANGE_PLACES))
            continue;
        if (!is_any)
            append(page, "<ul>\n");
        is_any = true;
        if (!change->before || !change->after)
            append_came_or_went(page, change->after ? comparison->after : comparison->before,
                                change);
        else
            append_otherwise(page, comparison, change);
    }
    if (is_any)
        append(page, "</ul>\n");
}

static void append_sizes(struct definition_page *page, const struct layout_comparison *comparison)
{
    const struct layout *before = comparison->before;
    const struct layout *after = comparison->after;

    if (before->byte_size == after->byte_size)
        return;
    append(page, ", ");
    known_number_append(page->out, layout_has_byte_size(before), before->byte_size);
    append(page, " → ");
    known_number_append_bytes(page->out, after);
}

static struct error *append_changed(struct definition_page *page, const struct kernel_pair *pair)
{
    const struct comparison_scopes scopes =
        comparison_scopes_of(page->view.history, page->view.entry, pair->before, pair->after);
    struct layout_comparison comparison;

    TRY(layout_compare(page->view.entry->layouts[pair->before],
                       page->view.entry->layouts[pair->after], &scopes, page->view.arena,
                       &comparison));
    append(page, "<p class=\"pair\">");
    append_pair(page, pair);
    append(page, ": ");
    change_table_append_counts(page->out, &comparison);
    append_sizes(page, &comparison);
    append(page, "\n");
    append_members(page, &comparison);
    return NULL;
}

static struct error *append_pair_item(struct definition_page *page, const struct kernel_pair *pair,
                                      unsigned word)
{
    if (word != SURVEY_ADDED && word != SURVEY_REMOVED)
        return append_changed(page, pair);
    append(page, "<p class=\"pair\">");
    append_pair(page, pair);
    append(page, word == SURVEY_ADDED ? ": added\n" : ": removed\n");
    return NULL;
}

static void append_heading(struct definition_page *page, const struct kernel_group *group)
{
    append(page, "<h3>");
    html_append_text(page->out, group->name);
    append(page, "</h3>\n");
}

struct error *definition_page_append_changes(struct definition_page *page)
{
    const struct survey *survey = &page->view.context->survey;
    const struct kernel_group *group = NULL;

    append(page, "<h2 id=\"changes\">Changes</h2>\n");
    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct survey_pair *pair = &survey->pairs[i];
        unsigned word = definition_view_word(&page->view, i);
        if (!difference_kind_any(word))
            continue;
        if (pair->group != group)
            append_heading(page, pair->group);
        group = pair->group;
        TRY(append_pair_item(page, &pair->kernels, word));
    }
    if (!group)
        append(page, "<p>None between the kernels that are compared.\n");
    return NULL;
}
