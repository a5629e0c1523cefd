/* SPDX-License-Identifier: MIT */
/* One process at a time changes a data directory. */
#ifndef KSTRUCT_RUN_DATA_LOCK_H
#define KSTRUCT_RUN_DATA_LOCK_H

#include <stdbool.h>

#include "base/error.h"
#include "run/workspace.h"

/* Makes sure that the data directory, if there is one, is kstruct's own: ERROR_USAGE, and nothing
 * is written, if it has somebody else's files (base/system/directory_claim.h). */
struct error *data_claim(struct workspace *workspace) MUST_CHECK;

/* Creates the data directory as far as it is missing, and claims it. */
struct error *data_make(struct workspace *workspace) MUST_CHECK;

/* Makes the data directory as data_make() does, and locks it. *LOCK_RET is a file descriptor; the
 * lock goes when it is closed or the process ends, however it ends. If another process holds the
 * lock, ERROR_SYSTEM names that process. */
struct error *data_lock(struct workspace *workspace, int *lock_ret) MUST_CHECK;

/* Has another process the data directory locked? Nobody is kept from locking it by that. */
bool data_is_locked(const struct workspace *workspace);

#endif
