/* SPDX-License-Identifier: MIT */
/* A whole report in a directory: one page for every struct that a kernel of a group has. */
#ifndef KSTRUCT_REPORT_REPORT_H
#define KSTRUCT_REPORT_REPORT_H

#include <stddef.h>

#include "base/error.h"
#include "model/history.h"
#include "model/kernel_group.h"

/* Raised whenever pages come out with other bytes for the same input. */
enum { REPORT_PAGE_FORMAT = 1 };

struct report_options {
    const char *directory; /* created as far as it is missing */
    unsigned jobs;         /* threads; 0 counts as 1. The pages do not depend on it. */
};

struct report_result {
    size_t page_count; /* of the report: written and unchanged ones */
    size_t written_count;
    size_t unchanged_count; /* pages whose files had the same bytes and were not touched */
    size_t removed_count;   /* pages of structs that the report no longer has */
};

/* Brings the pages of DIRECTORY up to date. After a failure some pages are new and some old, each
 * complete; the next call does the rest. Files that are not pages are left alone. */
struct error *report_write_pages(const struct history *history, const struct kernel_groups *groups,
                                 const struct report_options *options,
                                 struct report_result *result_ret) MUST_CHECK;

/* How many pages the report in DIRECTORY has on disk; 0 if there is none. */
struct error *report_count_pages(const char *directory, size_t *count_ret) MUST_CHECK;

#endif
