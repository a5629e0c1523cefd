/* SPDX-License-Identifier: MIT */
/*
 * The report as a site of static pages, which any web server serves as they are: a page for each
 * definition, kernel and pair, indexes of names, and what the search on each page looks up.
 */
#ifndef KSTRUCT_REPORT_SITE_SITE_H
#define KSTRUCT_REPORT_SITE_SITE_H

#include "report/output/table_output.h"
#include "report/report_context.h"
#include "report/site/site_users.h"
#include "report/tables/kernel_columns.h"

/* What the pages have in common. Read by any number of threads. */
struct site {
    const struct history *names;  /* what definitions there are, by kind and name at least */
    const struct page_plan *plan; /* which of NAMES have pages; NULL: all, and no more is known */
    struct site_users users;      /* of NAMES */
    struct kernel_columns columns;
    bool is_live; /* the pages are made as they are asked for: for any two kernels, too */
};

/* What has a page under that name, of NAMES; NULL: nothing has. */
const struct history_definition *site_find(const struct site *site, enum definition_kind kind,
                                           const char *name);

bool site_has_page(const struct site *site, const struct history_definition *entry);

/* How many definitions of the kind have one. */
size_t site_page_count(const struct site *site, enum definition_kind kind);

/* Refers to CONTEXT. Free with site_destroy(). */
struct error *site_create(const struct report_context *context, struct site **site_ret) MUST_CHECK;

/* NULL-safe. */
void site_destroy(struct site *site);

/* The folders of what are no definitions' pages. */
extern const struct table_output_folders site_folders;

/* Puts all but definitions' pages into OUTPUT, which has these folders; but for the front page and
 * that of changes, which come once these are known. */
struct error *site_write(const struct report_context *context,
                         struct table_output *output) MUST_CHECK;

#endif
