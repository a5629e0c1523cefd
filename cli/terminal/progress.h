/* SPDX-License-Identifier: MIT */
/*
 * What goes on, on a terminal: a line for each kernel that fits, and one for all of them, drawn
 * anew in place several times a second by a thread of its own; see progress_view.h. What the
 * log says meanwhile stands above them.
 *
 * The cursor stays where it can be seen, below the lines, and the terminal in its usual mode: a
 * process that is killed leaves nothing behind but the lines.
 */
#ifndef KSTRUCT_CLI_TERMINAL_PROGRESS_H
#define KSTRUCT_CLI_TERMINAL_PROGRESS_H

#include "run/watch.h"

/* Begins with it if standard error is a terminal that can do that and LOG has notices written; NULL
 * if not, and if it cannot for any other reason. All that are expected are shown from the first one
 * on. */
struct watch *progress_begin(struct log *log);

#endif
