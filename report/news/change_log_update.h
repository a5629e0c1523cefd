/* SPDX-License-Identifier: MIT */
/* Finds what is new in a report since its log was kept last. */
#ifndef KSTRUCT_REPORT_NEWS_CHANGE_LOG_UPDATE_H
#define KSTRUCT_REPORT_NEWS_CHANGE_LOG_UPDATE_H

#include <stdbool.h>

#include "base/error.h"
#include "report/news/change_log.h"
#include "report/report_context.h"

/*
 * If the report's kernels or their digests are not those of the log, puts an entry about that in
 * front and the kernels in place of the old ones. The log refers to the context afterwards.
 *
 * Nothing here asks a clock, so that the same data set and the same log give the same bytes: an
 * entry's day is the latest on which a kernel of the report was read, or, where that has gone back
 * with the kernel, that of the entry before. Entries of one day are a second apart, so that readers
 * of the feed sort them as they came.
 */
struct error *change_log_update(const struct report_context *context, struct change_log *log,
                                bool *is_new_ret) MUST_CHECK;

#endif
