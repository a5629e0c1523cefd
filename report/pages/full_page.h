/* SPDX-License-Identifier: MIT */
/*
 * A definition's richer page in Markdown: with offsets, sizes, bit-fields and holes of each layout,
 * and every difference that layout_comparison.h knows, with its hints.
 */
#ifndef KSTRUCT_REPORT_PAGES_FULL_PAGE_H
#define KSTRUCT_REPORT_PAGES_FULL_PAGE_H

#include "base/buffer.h"
#include "report/compare/waste.h"
#include "report/pages/definition_view.h"

/* How every such page begins; no other file is taken for one. */
#define FULL_PAGE_BEGINNING "# Full history of "

/* As page_format's render. */
struct error *full_page_render(const struct report_context *context, size_t entry_index,
                               struct arena *scratch, struct buffer *page) MUST_CHECK;

/* What the page's parts have in common. */
struct full_page {
    struct definition_view view;
    struct alike_kernel_rows kernel_rows;
    struct waste_sum *wastes; /* by layout; all 0 of one of which it is not known */
    struct buffer *out;
    struct buffer text; /* for what is put together before it is escaped */
};

/* What kernels have the definition, and how its size goes. */
struct error *full_page_append_status(struct full_page *page) MUST_CHECK;

/* Each distinct layout, with its definition and the kernels that have it. */
struct error *full_page_append_layouts(struct full_page *page) MUST_CHECK;

/* Other definitions of that name; nothing if there are none. */
struct error *full_page_append_further(struct full_page *page) MUST_CHECK;

/* What differs in each pair of each group. */
struct error *full_page_append_differences(struct full_page *page) MUST_CHECK;

/* A kernel's name as code, in Markdown. */
void full_page_append_kernel(struct full_page *page, size_t kernel);

/* A link to the layout's description: "[layout 3](#layout-3)". */
void full_page_append_layout_link(struct buffer *out, size_t layout);

#endif
