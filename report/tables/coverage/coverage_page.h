/* SPDX-License-Identifier: MIT */
/* Which kernels were wanted and which were read, as a page for people: Coverage.md. */
#ifndef KSTRUCT_REPORT_TABLES_COVERAGE_PAGE_H
#define KSTRUCT_REPORT_TABLES_COVERAGE_PAGE_H

#include "base/buffer.h"
#include "model/kernel/coverage.h"

/* Long texts are cut short: the tables for programs have them whole. */
void coverage_page_append(const struct coverage *coverage, struct buffer *out);

#endif
