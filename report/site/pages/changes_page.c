/* SPDX-License-Identifier: MIT */
#include "report/site/pages/changes_page.h"

#include <inttypes.h>

#include "report/site/html/html.h"
#include "report/site/site.h"
#include "report/write/definition_title.h"

enum {
    NAMES_MAXIMUM = 200,
    DAY_LENGTH = 10,
    LATEST_MAXIMUM = 5,
    LATEST_COMPARISONS_MAXIMUM = 2, /* of one of them */
};

static const struct change_text_style style = {html_append_code, html_append_text};

/* A definition that no kernel has any more has no page. */
static void append_definition(const struct report_context *context, const char *title,
                              struct buffer *out)
{
    enum definition_kind kind;
    const char *name;

    definition_title_parse(title, &kind, &name);
    if (site_find(context->site, kind, name))
        html_append_definition_link(out, "", kind, name);
    else
        html_append_code(out, title);
}

static void append_fate(const struct report_context *context,
                        const struct change_comparison *comparison, enum fate fate,
                        struct buffer *out)
{
    uint64_t count = comparison->counts[fate];

    if (count == 0)
        return;
    buffer_append_format(out, "<details><summary>%s: %" PRIu64 "</summary>\n",
                         fate_texts[fate].heading, count);
    if (comparison->has_names) {
        buffer_append_text(out, "<ul class=\"names\">\n");
        for (uint64_t i = 0; i < count && i < NAMES_MAXIMUM; i++) {
            buffer_append_text(out, "<li>");
            append_definition(context, comparison->names[fate][i], out);
            buffer_append_char(out, '\n');
        }
        buffer_append_text(out, "</ul>\n");
    }
    if (count > NAMES_MAXIMUM || !comparison->has_names)
        buffer_append_text(out, "<p>All of them are on the pair's page.\n");
    buffer_append_text(out, "</details>\n");
}

static void append_comparison(const struct report_context *context,
                              const struct change_comparison *comparison, struct buffer *out)
{
    buffer_append_text(out, "<h3>");
    html_append_text(out, comparison->group);
    buffer_append_text(out, ": ");
    if (survey_has_pair(&context->survey, context->input.history, comparison->before,
                        comparison->after))
        html_append_pair_link(out, "", comparison->before, comparison->after, comparison->after);
    else
        html_append_code(out, comparison->after);
    buffer_append_text(out, " <small>after ");
    html_append_text(out, comparison->before);
    buffer_append_text(out, "</small></h3>\n");
    for (enum fate fate = 0; fate < FATE_COUNT; fate++)
        append_fate(context, comparison, fate, out);
}

/* "2024-05-01: 6.8.0-31-generic-amd64 added" */
static void append_title(const struct change_entry *entry, struct buffer *out)
{
    buffer_append_text(out, "<time>");
    buffer_append(out, entry->updated, DAY_LENGTH);
    buffer_append_text(out, "</time>: ");
    change_entry_append_title(out, entry, &style);
}

static void append_entry(const struct report_context *context, const struct change_entry *entry,
                         struct buffer *out)
{
    buffer_append_text(out, "<h2>");
    append_title(entry, out);
    buffer_append_text(out, "</h2>\n");
    /* Of a beginning, they are no news. */
    for (size_t i = 0; i < entry->comparison_count && !entry->is_beginning; i++)
        append_comparison(context, &entry->comparisons[i], out);
}

void changes_page_append(const struct report_context *context, const struct change_log *log,
                         struct buffer *out)
{
    html_append_beginning(out, "Changes", "");
    buffer_append_text(out, "<h1>Changes</h1>\n<p>What is new from report to report, also as a <a "
                            "href=\"changes.atom\">feed</a>.\n");
    for (size_t i = 0; i < log->entry_count; i++)
        append_entry(context, &log->entries[i], out);
    html_append_end(out);
}

void changes_page_append_latest(const struct change_log *log, struct buffer *out)
{
    if (log->entry_count == 0)
        return;
    buffer_append_text(out, "<h2 id=\"latest\">Latest changes</h2>\n<ul>\n");
    for (size_t i = 0; i < log->entry_count && i < LATEST_MAXIMUM; i++) {
        buffer_append_text(out, "<li>");
        append_title(&log->entries[i], out);
        buffer_append_char(out, '.');
        change_entry_append_comparisons(out, &log->entries[i], LATEST_COMPARISONS_MAXIMUM, &style);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out,
                       "</ul>\n<p>All of them, with names: <a href=\"changes.html\">changes</a>, "
                       "also as a <a href=\"changes.atom\">feed</a>.\n");
}
