/* SPDX-License-Identifier: MIT */
/*
 * How far transfers are, on a terminal: a line for each that is under way, and one for all of them,
 * drawn anew in place several times a second by a thread of its own. What the log says meanwhile
 * stands above them.
 */
#ifndef KSTRUCT_CLI_PROGRESS_H
#define KSTRUCT_CLI_PROGRESS_H

#include <stddef.h>

#include "base/log.h"
#include "fetch/fetch.h"

struct progress;

/* Begins with it if standard error is a terminal that can do that and LOG has notices written; NULL
 * if not, and if it cannot for any other reason. LOG's lines pass through here until
 * progress_end(); both are called while no other thread writes to it. */
struct progress *progress_begin(struct log *log);

/* Takes the lines away. NULL-safe, as all below. */
void progress_end(struct progress *progress);

/* To be told of transfers; NULL for NULL. */
const struct fetch_observer *progress_observer(const struct progress *progress);

/* So many packages are wanted in all: if there are several, it is told how many of them are done.
 */
void progress_expect(struct progress *progress, size_t count);

/* One more package is done, whatever came of it. May be called by any thread. */
void progress_count(struct progress *progress);

#endif
