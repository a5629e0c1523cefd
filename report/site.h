/* SPDX-License-Identifier: MIT */
/*
 * What makes a web site of a report: _config.yml and _layouts/default.html, with which Jekyll, and
 * so GitHub Pages, renders the directory as it is. Those that are there already stay.
 */
#ifndef KSTRUCT_REPORT_SITE_H
#define KSTRUCT_REPORT_SITE_H

#include "base/error.h"
#include "report/table_output.h"

struct error *site_write(struct table_output *output) MUST_CHECK;

#endif
