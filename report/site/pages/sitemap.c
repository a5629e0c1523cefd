/* SPDX-License-Identifier: MIT */
#include "report/site/pages/sitemap.h"

#include "report/site/html/html.h"
#include "report/site/site.h"
#include "report/write/page_path.h"
#include "report/write/pair_path.h"

/* Fewer than the 50,000 that the protocol allows, as the first file has other pages, too. */
enum { PART_DEFINITIONS = 40000, URL_MAXIMUM = 65536 };

#define XML_BEGINNING "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define SCHEMA "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""

size_t sitemap_part_count(const struct report_context *context)
{
    size_t count = 0;

    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        count += site_page_count(context->site, kind);
    return count / PART_DEFINITIONS + 1;
}

void sitemap_append_part_name(struct buffer *out, size_t number)
{
    buffer_append_format(out, "sitemap-%zu.xml", number + 1);
}

/* The site's address with a slash, as XML has it. */
static void append_top(struct buffer *out, const char *url)
{
    html_append_text(out, url);
    buffer_append_char(out, '/');
}

/* The page of a kernel, in its folder. */
static void append_kernel(struct buffer *out, const char *url, const char *name)
{
    CLEANUP(buffer_deinit) struct buffer path;

    buffer_init(&path, URL_MAXIMUM);
    page_path_append_name(&path, name, HTML_SUFFIX);
    buffer_append_text(out, "<url><loc>");
    append_top(out, url);
    buffer_append_text(out, "kernel/");
    page_path_append_link(out, buffer_text(&path));
    buffer_append_text(out, "</loc></url>\n");
}

static void append_pair(struct buffer *out, const char *url, const char *before, const char *after)
{
    buffer_append_text(out, "<url><loc>");
    append_top(out, url);
    buffer_append_text(out, "pair/");
    pair_path_append_link(before, after, HTML_SUFFIX, out);
    buffer_append_text(out, "</loc></url>\n");
}

/* All that is no definition's. */
static void append_others(const struct report_context *context, const char *url, struct buffer *out)
{
    const char *const *names = context->input.history->kernel_names;
    const struct kernel_columns *columns = &context->site->columns;

    buffer_append_text(out, "<url><loc>");
    append_top(out, url);
    buffer_append_text(out, "</loc></url>\n");
    for (size_t i = 0; i < columns->count; i++)
        append_kernel(out, url, names[columns->columns[i].kernel]);
    for (size_t i = 0; i < context->survey.pair_count; i++) {
        const struct kernel_pair *pair = &context->survey.pairs[i].kernels;
        append_pair(out, url, names[pair->before], names[pair->after]);
    }
}

void sitemap_append_part(const struct report_context *context, const char *url, size_t number,
                         struct buffer *out)
{
    const struct history *names = context->site->names;
    CLEANUP(buffer_deinit) struct buffer top;
    size_t place = 0;

    buffer_init(&top, URL_MAXIMUM);
    append_top(&top, url);
    buffer_append_text(out, XML_BEGINNING "<urlset " SCHEMA ">\n");
    if (number == 0)
        append_others(context, url, out);
    for (size_t i = 0; i < names->definition_count; i++) {
        const struct history_definition *entry = &names->definitions[i];
        if (!site_has_page(context->site, entry) || place++ / PART_DEFINITIONS != number)
            continue;
        buffer_append_text(out, "<url><loc>");
        html_append_definition_address(out, buffer_text(&top), entry->kind, entry->name);
        buffer_append_text(out, "</loc></url>\n");
    }
    buffer_append_text(out, "</urlset>\n");
}

void sitemap_append_index(const struct report_context *context, const char *url, struct buffer *out)
{
    size_t count = sitemap_part_count(context);

    buffer_append_text(out, XML_BEGINNING "<sitemapindex " SCHEMA ">\n");
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, "<sitemap><loc>");
        append_top(out, url);
        sitemap_append_part_name(out, i);
        buffer_append_text(out, "</loc></sitemap>\n");
    }
    buffer_append_text(out, "</sitemapindex>\n");
}

void robots_append(const char *url, struct buffer *out)
{
    buffer_append_text(out, "User-agent: *\nAllow: /\n");
    if (url)
        buffer_append_format(out, "Sitemap: %s/" SITEMAP_NAME "\n", url);
}
