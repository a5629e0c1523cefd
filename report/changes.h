/* SPDX-License-Identifier: MIT */
/*
 * What changed since the report was written last: changes.md and changes.json, which also tells the
 * next report what this one was made from, and an Atom feed, changes.atom. Nothing of it is touched
 * where the kernels are the same as last time.
 */
#ifndef KSTRUCT_REPORT_CHANGES_H
#define KSTRUCT_REPORT_CHANGES_H

#include "base/error.h"
#include "report/report_context.h"
#include "report/table_output.h"

/* DIRECTORY is the report's, where the last changes are read from. */
struct error *changes_write(const struct report_context *context,
                            struct table_output *output) MUST_CHECK;

#endif
