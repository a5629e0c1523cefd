/* SPDX-License-Identifier: MIT */
/* What came of fetching many packages, in a few lines. */
#ifndef KSTRUCT_RUN_FETCHING_FETCH_SUMMARY_H
#define KSTRUCT_RUN_FETCHING_FETCH_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "fetch/fetch.h"

enum fetch_result {
    RESULT_FETCHED,
    RESULT_REUSED,  /* it was there already, or is a local file */
    RESULT_FAILURE, /* and those after it: this and an enum failure_state */
    RESULT_COUNT = RESULT_FAILURE + FAILURE_STATE_COUNT,
};

/* Start from {0}. */
struct fetch_summary {
    size_t counts[RESULT_COUNT];
    uint64_t received_bytes;
};

/* Counts a package, or why there is none: FAILURE is NULL if there is. */
void fetch_summary_add(struct fetch_summary *summary, const struct fetched_package *package,
                       const struct error *failure);

size_t fetch_summary_failure_count(const struct fetch_summary *summary);

/* A line for each result that there was, as notices. */
void fetch_summary_log(const struct fetch_summary *summary, struct log *log);

#endif
