/* SPDX-License-Identifier: MIT */
/* A report's memory as changes.json: report/schemas/changes.schema.json. */
#ifndef KSTRUCT_REPORT_NEWS_CHANGE_LOG_JSON_H
#define KSTRUCT_REPORT_NEWS_CHANGE_LOG_JSON_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/news/change_log.h"

/* Reads what change_log_append_json() wrote. ERROR_CORRUPT if it is anything else, also if a later
 * version of this program wrote it. Free the log with change_log_deinit(). */
struct error *change_log_parse(const char *bytes, size_t length,
                               struct change_log *log_ret) MUST_CHECK;

/* Names of structs are written for the newest entry only. */
struct error *change_log_append_json(const struct change_log *log, struct buffer *out) MUST_CHECK;

#endif
