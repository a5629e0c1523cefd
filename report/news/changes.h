/* SPDX-License-Identifier: MIT */
/*
 * What changed since the report was written last: changes.md and changes.json, which also tells the
 * next report what this one was made from, and an Atom feed, changes.atom. Nothing of it is touched
 * where the kernels are the same as last time, unless it is missing or damaged.
 *
 * changes.md and changes.atom follow from changes.json and are written before it: a report that is
 * interrupted between them finds the same change again.
 */
#ifndef KSTRUCT_REPORT_NEWS_CHANGES_H
#define KSTRUCT_REPORT_NEWS_CHANGES_H

#include "base/error.h"
#include "report/news/change_log.h"
#include "report/output/table_output.h"
#include "report/report_context.h"

/* The last changes are read from the directory in the context's options. A changes.json that cannot
 * be read, is damaged, of a later version or somebody else's is replaced: the log begins anew. */
struct error *changes_write(const struct report_context *context,
                            struct table_output *output) MUST_CHECK;

/* What the report in DIRECTORY remembers, to be freed with change_log_deinit(); nothing where there
 * is no report, or none that can be understood. Its document is appended to JSON unless that is
 * NULL. */
struct error *changes_recall(const char *directory, struct change_log *log,
                             struct buffer *json) MUST_CHECK;

#endif
