/* SPDX-License-Identifier: MIT */
/* A struct's page in Markdown: where it exists, what it looks like there, what changed. */
#ifndef KSTRUCT_REPORT_PAGES_STRUCT_PAGE_H
#define KSTRUCT_REPORT_PAGES_STRUCT_PAGE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/history.h"
#include "report/pages/page_plan.h"

/* How every page begins; no other file is taken for a page. */
#define STRUCT_PAGE_BEGINNING "# Struct: <code>"

/* Appends the struct's page to PAGE. Several threads may render from one history by one plan, which
 * is that of the history's kernels. On failure, which may be PAGE's own maximum, what was appended
 * is of no use. */
struct error *struct_page_render(const struct history_definition *entry,
                                 const struct page_plan *plan, struct buffer *page) MUST_CHECK;

#endif
