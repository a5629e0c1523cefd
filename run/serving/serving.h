/* SPDX-License-Identifier: MIT */
/* Serves the data set over HTTP until it is told to end. */
#ifndef KSTRUCT_RUN_SERVING_SERVING_H
#define KSTRUCT_RUN_SERVING_SERVING_H

#include "run/interruption.h"
#include "run/workspace.h"

struct serving_options {
    const char *address; /* to listen at: as http_listen() */
    bool takes_all;      /* all kernels of the data set, whatever the list says */
    const struct interruption *interruption;
};

/* Logs the address once requests are answered. What `run` does to the data set meanwhile is served
 * when it is done with a kernel. Returns when the interruption was requested: that is no failure
 * here. */
struct error *serving_run(struct workspace *workspace,
                          const struct serving_options *options) MUST_CHECK;

#endif
