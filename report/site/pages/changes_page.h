/* SPDX-License-Identifier: MIT */
/* changes.html: what is new from report to report. */
#ifndef KSTRUCT_REPORT_SITE_PAGES_CHANGES_PAGE_H
#define KSTRUCT_REPORT_SITE_PAGES_CHANGES_PAGE_H

#include "base/buffer.h"
#include "report/news/change_log.h"
#include "report/report_context.h"

void changes_page_append(const struct report_context *context, const struct change_log *log,
                         struct buffer *out);

/* The latest few as a section of the front page; nothing if there are none. */
void changes_page_append_latest(const struct change_log *log, struct buffer *out);

#endif
