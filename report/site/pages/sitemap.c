/* SPDX-License-Identifier: MIT */
#include "report/site/pages/sitemap.h"

#include "report/site/html/html.h"
#include "report/site/site.h"

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

/* The site's address with a slash, as XML has it: what leads to its top from anywhere. */
static void append_top(struct buffer *out, const char *url)
{
    html_append_text(out, url);
    buffer_append_char(out, '/');
}

static void begin_page(struct buffer *out)
{
    buffer_append_text(out, "<url><loc>");
}

static void end_page(struct buffer *out)
{
    buffer_append_text(out, "</loc></url>\n");
}

/* All that is no definition's. */
static void append_others(const struct report_context *context, const char *top, struct buffer *out)
{
    const char *const *names = context->input.history->kernel_names;
    const struct kernel_columns *columns = &context->site->columns;

    begin_page(out);
    buffer_append_text(out, top);
    end_page(out);
    for (size_t i = 0; i < columns->count; i++) {
        begin_page(out);
        html_append_kernel_address(out, top, names[columns->columns[i].kernel]);
        end_page(out);
    }
    for (size_t i = 0; i < context->survey.pair_count; i++) {
        const struct kernel_pair *pair = &context->survey.pairs[i].kernels;
        begin_page(out);
        html_append_pair_address(out, top, names[pair->before], names[pair->after]);
        end_page(out);
    }
}

static void append_definitions(const struct site *site, const char *top, size_t number,
                               struct buffer *out)
{
    size_t place = 0;

    for (size_t i = 0; i < site->names->definition_count; i++) {
        const struct history_definition *entry = &site->names->definitions[i];
        if (!site_has_page(site, entry) || place++ / PART_DEFINITIONS != number)
            continue;
        begin_page(out);
        html_append_definition_address(out, top, entry->kind, entry->name);
        end_page(out);
    }
}

void sitemap_append_part(const struct report_context *context, const char *url, size_t number,
                         struct buffer *out)
{
    CLEANUP(buffer_deinit) struct buffer top;

    buffer_init(&top, URL_MAXIMUM);
    append_top(&top, url);
    buffer_append_text(out, XML_BEGINNING "<urlset " SCHEMA ">\n");
    if (number == 0)
        append_others(context, buffer_text(&top), out);
    append_definitions(context->site, buffer_text(&top), number, out);
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
