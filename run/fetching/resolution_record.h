/* SPDX-License-Identifier: MIT */
/* What the list's patterns stood for when they were resolved last: DATADIR/resolved.list, in the
 * form of a list. So that commands that ask nobody can tell too. */
#ifndef KSTRUCT_RUN_FETCHING_RESOLUTION_RECORD_H
#define KSTRUCT_RUN_FETCHING_RESOLUTION_RECORD_H

#include "run/fetching/kernel_offers.h"
#include "run/workspace.h"

/* Adds the kernels on record, of all patterns. A record that cannot be read is as good as none; the
 * log is told. */
struct error *resolution_record_read(struct workspace *workspace,
                                     struct kernel_offers *offers) MUST_CHECK;

/* Replaces the record by COUNT patterns' kernels. A record that says the same is not touched. */
struct error *resolution_record_write(struct workspace *workspace,
                                      const struct kernel_offers *offers, size_t count) MUST_CHECK;

#endif
