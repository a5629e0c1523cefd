/* SPDX-License-Identifier: MIT */
/* A report's memory as an Atom feed (RFC 4287): changes.atom. */
#ifndef KSTRUCT_REPORT_NEWS_CHANGES_FEED_H
#define KSTRUCT_REPORT_NEWS_CHANGES_FEED_H

#include "base/buffer.h"
#include "report/news/change_log.h"

/* The page for people is changes.html with HAS_SITE, else changes.md. Links are relative: where the
 * report will be is not known. */
void changes_feed_append(const struct change_log *log, bool has_site, struct buffer *out);

#endif
