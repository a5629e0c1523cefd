/* SPDX-License-Identifier: MIT */
/*
 * What goes on, on a terminal: a line for each kernel that fits, and one for all of them, drawn
 * anew in place several times a second by a thread of its own; see cli/progress_view.h. What the
 * log says meanwhile stands above them.
 *
 * The cursor stays where it can be seen, below the lines, and the terminal in its usual mode: a
 * process that is killed leaves nothing behind but the lines.
 */
#ifndef KSTRUCT_CLI_TERMINAL_PROGRESS_H
#define KSTRUCT_CLI_TERMINAL_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/terminal/progress_view.h"
#include "fetch/fetch.h"
#include "report/report.h"

struct progress;

/* Begins with it if standard error is a terminal that can do that and LOG has notices written; NULL
 * if not, and if it cannot for any other reason. LOG's lines pass through here until
 * progress_end(). */
struct progress *progress_begin(struct log *log);

/* Takes the lines away. NULL-safe, as all below. */
void progress_end(struct progress *progress);

/* All of the below may be called by any thread. */

/* To be told of transfers; NULL for NULL. */
const struct fetch_observer *progress_observer(const struct progress *progress);

/* The same of a report, which has begun. */
const struct report_observer *progress_report_observer(struct progress *progress);

/* So many more kernels are wanted, of which the bytes that are to be fetched are told: 0, or
 * PROGRESS_TOTAL_UNKNOWN, or what they were the last time. All are shown from the first one on. */
struct progress_wish {
    const char *kernel_name; /* copied */
    uint64_t bytes;
};
void progress_expect(struct progress *progress, const struct progress_wish *wishes, size_t count);

/* So many kernels are read at once. Without this they are only fetched. */
void progress_set_readers(struct progress *progress, unsigned count);

/* The kernel has got so far. */
void progress_enter(struct progress *progress, const char *kernel_name, enum progress_stage stage);

/* The kernel is done, or has failed. FAILURE stays the caller's. */
void progress_conclude(struct progress *progress, const char *kernel_name,
                       const struct error *failure);

#endif
