/* SPDX-License-Identifier: MIT */
/* The manifest: how far each kernel has come, as JSON (report/schemas/manifest.schema.json). Each
 * run leaves it as DATADIR/status.json. */
#ifndef KSTRUCT_CLI_MANIFEST_H
#define KSTRUCT_CLI_MANIFEST_H

#include "base/buffer.h"
#include "cli/kernel_states.h"

struct error *manifest_append(const struct kernel_states *states, struct buffer *out) MUST_CHECK;

/* Writes DATADIR/status.json, unless it says that already. DATASET is open. */
struct error *manifest_write(struct cli *cli, struct dataset *dataset,
                             const struct kernel_list *list) MUST_CHECK;

#endif
