/* SPDX-License-Identifier: MIT */
/* The pages of the site that are no definition's. Each appends a whole page to OUT. */
#ifndef KSTRUCT_REPORT_SITE_PAGES_SITE_PAGES_H
#define KSTRUCT_REPORT_SITE_PAGES_SITE_PAGES_H

#include "base/buffer.h"
#include "report/news/change_log.h"
#include "report/report_context.h"
#include "report/tables/name_index.h"

/* Kernels, differences, the latest of the changes in LOG, and where to begin. */
void front_page_append(const struct report_context *context, const struct change_log *log,
                       struct buffer *out);

/* What a kernel has, and from what it was read. HISTORY, where it is kernel INDEX, has its
 * definitions. */
void kernel_page_append(const struct report_context *context, size_t kernel,
                        const struct history *history, size_t index, struct buffer *out);

/* What differs in a pair of the survey. */
void pair_page_append(const struct report_context *context, const struct name_index *index,
                      size_t pair, struct buffer *out);

/* How many pages the names of a letter take. */
size_t name_page_count(const struct name_letter *letter);

/* The file of page NUMBER, from 0, of a letter: "t.html", "t-2.html". */
void name_page_append_path(struct buffer *path, const struct name_letter *letter, size_t number);

/* INDEX is of HISTORY. */
void name_page_append(const struct history *history, const struct name_index *index,
                      const struct name_letter *letter, size_t number, struct buffer *out);

/* Links to all of them. */
void name_overview_append(const struct name_index *index, struct buffer *out);

#endif
