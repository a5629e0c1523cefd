/* SPDX-License-Identifier: MIT */
/* Tells when the files that are served may have changed. */
#ifndef KSTRUCT_RUN_SERVING_DATA_WATCH_H
#define KSTRUCT_RUN_SERVING_DATA_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"
#include "run/workspace.h"

enum { DATA_WATCH_FILES = 4 };

struct data_watch {
    char *paths[DATA_WATCH_FILES]; /* the data set, its log, the list, and
                                      what a run leaves at its end */
    struct stat states[DATA_WATCH_FILES];
};

/* Free with data_watch_deinit(), also after a failure. */
struct error *data_watch_init(struct data_watch *watch,
                              const struct workspace *workspace) MUST_CHECK;
void data_watch_deinit(struct data_watch *watch);

/* Has any of the files changed since the last call, or since the watch began? */
bool data_watch_look(struct data_watch *watch);

#endif
