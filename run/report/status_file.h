/* SPDX-License-Identifier: MIT */
/* The manifest: how far each kernel has come, as JSON (report/schemas/manifest.schema.json). Each
 * run leaves it as DATADIR/status.json. */
#ifndef KSTRUCT_RUN_REPORT_STATUS_FILE_H
#define KSTRUCT_RUN_REPORT_STATUS_FILE_H

#include "base/buffer.h"
#include "run/report/kernel_states.h"
#include "run/report/last_run.h"

#define STATUS_FILE_NAME "status.json"
enum { STATUS_FILE_MAXIMUM = 256 * 1024 * 1024 };

struct error *status_file_append(const struct kernel_states *states, const struct last_run *run,
                                 struct buffer *out) MUST_CHECK;

/* Writes DATADIR/status.json, unless it says that already. DATASET is open. */
struct error *status_file_write(struct workspace *workspace, struct dataset *dataset,
                                const struct kernel_list *list,
                                const struct last_run *run) MUST_CHECK;

#endif
