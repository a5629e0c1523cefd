/* SPDX-License-Identifier: MIT */
/* C text as c_text.h writes it, in HTML: each type that it names is a link, comments are told
 * apart.
 */
#ifndef KSTRUCT_REPORT_SITE_HTML_C_LISTING_H
#define KSTRUCT_REPORT_SITE_HTML_C_LISTING_H

#include "base/buffer.h"
#include "report/site/site.h"

/* Appends TEXT, a whole definition or a type alone. TO_TOP as in html.h. Only what has a page in
 * SITE is linked. */
void c_listing_append(struct buffer *out, const struct site *site, const char *to_top,
                      const char *text);

#endif
