/* SPDX-License-Identifier: MIT */
/* A report's memory as a page for people: changes.md. */
#ifndef KSTRUCT_REPORT_NEWS_CHANGES_MARKDOWN_H
#define KSTRUCT_REPORT_NEWS_CHANGES_MARKDOWN_H

#include "base/buffer.h"
#include "report/news/change_log.h"
#include "report/report_context.h"

/* The newest entry with the names of structs, linked to what the report has of them; the older ones
 * in a line each. The log has an entry. */
void changes_markdown_append(const struct report_context *context, const struct change_log *log,
                             struct buffer *out);

#endif
