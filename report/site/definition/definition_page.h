/* SPDX-License-Identifier: MIT */
/*
 * A definition's page in the site: what it looks like in the newest kernel, each member's place in
 * each distinct layout, what kernels have them, what changed, and what uses it.
 */
#ifndef KSTRUCT_REPORT_SITE_DEFINITION_DEFINITION_PAGE_H
#define KSTRUCT_REPORT_SITE_DEFINITION_DEFINITION_PAGE_H

#include "base/buffer.h"
#include "report/pages/definition_view.h"
#include "report/site/definition/shown_layouts.h"

/* As page_format's render. */
struct error *definition_page_render(const struct report_context *context, size_t entry_index,
                                     struct arena *scratch, struct buffer *page) MUST_CHECK;

/* What the page's parts have in common. */
struct definition_page {
    struct definition_view view;
    size_t newest; /* the kernel whose definition is shown */
    struct shown_layouts shown;
    struct buffer *out;
};

/* The number of a layout, as a link to where it is shown: "2". */
void definition_page_append_layout_link(struct definition_page *page, size_t layout);

/* Where that kernel's definition is declared, and which modules have it. */
void definition_page_append_origin(struct definition_page *page, size_t kernel);

/* Which kernels have which layout. */
struct error *definition_page_append_kernels(struct definition_page *page) MUST_CHECK;

/* How the size goes from kernel to kernel of the first group, as a picture; nothing if it stays. */
void definition_page_append_chart(struct definition_page *page);

/* A row a member or enumerator of any layout, a column a layout that is shown. */
struct error *definition_page_append_matrix(struct definition_page *page) MUST_CHECK;

/* What differs in each pair of each group. */
struct error *definition_page_append_changes(struct definition_page *page) MUST_CHECK;

/* Which definitions embed or point to it. */
void definition_page_append_users(struct definition_page *page);

#endif
