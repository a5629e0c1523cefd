/* SPDX-License-Identifier: MIT */
/* For search engines: the addresses of all pages (https://www.sitemaps.org/protocol.html), and
 * robots.txt (RFC 9309), which leads there. Addresses are whole ones, so the site's has to be
 * known.
 */
#ifndef KSTRUCT_REPORT_SITE_PAGES_SITEMAP_H
#define KSTRUCT_REPORT_SITE_PAGES_SITEMAP_H

#include "base/buffer.h"
#include "report/report_context.h"

#define SITEMAP_NAME "sitemap.xml"

/* In how many files the addresses are. */
size_t sitemap_part_count(const struct report_context *context);

/* The name of one, from 0: "sitemap-1.xml". */
void sitemap_append_part_name(struct buffer *out, size_t number);

/* One of these files. URL is the site's, without a slash at its end. */
void sitemap_append_part(const struct report_context *context, const char *url, size_t number,
                         struct buffer *out);

/* sitemap.xml: where they are. */
void sitemap_append_index(const struct report_context *context, const char *url,
                          struct buffer *out);

/* URL is NULL if it is not known. */
void robots_append(const char *url, struct buffer *out);

#endif
