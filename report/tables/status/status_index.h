/* SPDX-License-Identifier: MIT */
/* Status/README.md: an index over all names, by letter, with links to the letters' tables. */
#ifndef KSTRUCT_REPORT_TABLES_STATUS_STATUS_INDEX_H
#define KSTRUCT_REPORT_TABLES_STATUS_STATUS_INDEX_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/tables/status/status_page.h"

struct error *status_index_append(const struct status_pages *pages, struct buffer *out) MUST_CHECK;

#endif
