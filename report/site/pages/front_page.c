/* SPDX-License-Identifier: MIT */
#include "base/text/counted.h"
#include "report/site/html/html.h"
#include "report/site/pages/changes_page.h"
#include "report/site/pages/site_pages.h"
#include "report/site/site.h"

static void append_introduction(const struct report_context *context, struct buffer *out)
{
    const char *separator = "";

    buffer_append_text(out, "<h1>The data structures of Linux kernels</h1>\n"
                            "<p>Which kernel has a struct, union, enum or typedef, what it looks "
                            "like there, and what changed from kernel to kernel, as the kernels' "
                            "debug information has it: ");
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        size_t count = site_page_count(context->site, kind);
        const struct definition_kind_text *text = &definition_kind_texts[kind];
        if (count == 0)
            continue;
        buffer_append_format(out, "%s%zu %s", separator, count,
                             count == 1 ? text->singular : text->plural);
        separator = ", ";
    }
    buffer_append_format(out, " of %zu %s.\n",
                         COUNTED(context->input.history->kernel_count, "kernel"));
    buffer_append_text(out, "<p>Press <kbd>/</kbd> to search for a definition, a member "
                            "(<code>task_struct.pid</code>) or an enumerator; or look into the "
                            "<a href=\"names/index.html\">names</a>.\n");
}

static void append_kernels(const struct report_context *context, struct buffer *out)
{
    const struct kernel_groups *groups = context->input.groups;

    buffer_append_text(out, "<h2 id=\"kernels\">Kernels</h2>\n");
    for (size_t i = 0; i < groups->count; i++) {
        const struct kernel_group *group = &groups->groups[i];
        buffer_append_text(out, "<h3>");
        html_append_text(out, group->name);
        buffer_append_text(out, "</h3>\n<ul class=\"names\">\n");
        for (size_t j = 0; j < group->kernel_count; j++) {
            const struct coverage_kernel *kernel =
                coverage_of(context->input.coverage, group->kernels[j]);
            buffer_append_text(out, "<li>");
            html_append_kernel_link(out, "", report_kernel_name(context, group->kernels[j]));
            if (kernel && kernel->is_baseline)
                buffer_append_text(out, ", the baseline");
            buffer_append_char(out, '\n');
        }
        buffer_append_text(out, "</ul>\n");
    }
}

static void append_pair_row(const struct report_context *context, const struct survey_pair *pair,
                            struct buffer *out)
{
    static const enum difference_kind shown[] = {DIFFERENCE_ADDED, DIFFERENCE_REMOVED,
                                                 DIFFERENCE_CHANGED, DIFFERENCE_ONLY_MOVED};
    const char *before = report_kernel_name(context, pair->kernels.before);
    const char *after = report_kernel_name(context, pair->kernels.after);

    buffer_append_text(out, "<tr><td>");
    html_append_text(out, pair->group->name);
    buffer_append_text(out, "<td>");
    html_append_text(out, before);
    buffer_append_text(out, "<td>");
    html_append_pair_link(out, "", before, after, after);
    for (size_t i = 0; i < ARRAY_LENGTH(shown); i++)
        buffer_append_format(out, "<td class=\"n\">%zu", pair->counts[shown[i]]);
    buffer_append_char(out, '\n');
}

static void append_differences(const struct report_context *context, struct buffer *out)
{
    buffer_append_text(
        out, "<h2 id=\"differences\">Differences</h2>\n<p>How many structs came, went and "
             "changed from kernel to kernel. Each pair's page has what differs of every "
             "kind.\n<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">"
             "group<th scope=\"col\">from<th scope=\"col\">to<th scope=\"col\" class=\"n\">"
             "added<th scope=\"col\" class=\"n\">removed<th scope=\"col\" class=\"n\">"
             "changed<th scope=\"col\" class=\"n\">only moved</thead>\n<tbody>\n");
    for (size_t i = 0; i < context->survey.pair_count; i++)
        append_pair_row(context, &context->survey.pairs[i], out);
    buffer_append_text(out, "</tbody></table></div>\n");
}

/* A choice of a kernel, at first number CHOSEN. */
static void append_choice(const struct report_context *context, const char *name, const char *label,
                          size_t chosen, struct buffer *out)
{
    const struct history *history = context->input.history;

    buffer_append_format(out, "<label>%s <select name=\"%s\">\n", label, name);
    for (size_t i = 0; i < history->kernel_count; i++) {
        buffer_append_text(out, i == chosen ? "<option selected>" : "<option>");
        html_append_text(out, history->kernel_names[i]);
        buffer_append_char(out, '\n');
    }
    buffer_append_text(out, "</select></label>\n");
}

/* What only a server can do. */
static void append_forms(const struct report_context *context, struct buffer *out)
{
    html_append_search_form(out, "", "");
    buffer_append_text(out, "<form action=\"compare\">\n");
    append_choice(context, "before", "Compare", 0, out);
    append_choice(context, "after", "with", 1, out);
    buffer_append_text(out, "<button>Compare</button></form>\n"
                            "<p>For programs: a JSON interface, described by <a "
                            "href=\"api/v2/openapi.json\">openapi.json</a>.\n");
}

void front_page_append(const struct report_context *context, const struct change_log *log,
                       struct buffer *out)
{
    html_append_beginning(out, "Linux kernel data structures", "");
    append_introduction(context, out);
    if (context->site->is_live)
        append_forms(context, out);
    changes_page_append_latest(log, out);
    append_kernels(context, out);
    append_differences(context, out);
    html_append_end(out);
}
