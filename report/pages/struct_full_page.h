/* SPDX-License-Identifier: MIT */
/*
 * A definition's richer page in Markdown: with offsets, sizes, bit-fields and holes of each layout,
 * and every difference that layout_comparison.h knows, with its hints.
 */
#ifndef KSTRUCT_REPORT_PAGES_STRUCT_FULL_PAGE_H
#define KSTRUCT_REPORT_PAGES_STRUCT_FULL_PAGE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "report/report_context.h"

/* How every such page begins; no other file is taken for one. */
#define STRUCT_FULL_PAGE_BEGINNING "# Full history of "

/* As struct_format's render. */
struct error *struct_full_page_render(const struct report_context *context, size_t struct_index,
                                      struct arena *scratch, struct buffer *page) MUST_CHECK;

#endif
