/* SPDX-License-Identifier: MIT */
#include "run/fetching/fetch_summary.h"

#include <inttypes.h>

#include "base/text/counted.h"

static size_t result_of(const struct fetched_package *package, const struct error *failure)
{
    if (failure)
        return RESULT_FAILURE + error_failure(failure->code)->state;
    return package->was_fetched ? RESULT_FETCHED : RESULT_REUSED;
}

static const char *text_of(size_t result)
{
    if (result >= RESULT_FAILURE)
        return failure_state_summary((enum failure_state)(result - RESULT_FAILURE));
    return result == RESULT_FETCHED ? "fetched" : "reused";
}

void fetch_summary_add(struct fetch_summary *summary, const struct fetched_package *package,
                       const struct error *failure)
{
    summary->counts[result_of(package, failure)]++;
    summary->received_bytes += package->received_bytes;
}

size_t fetch_summary_failure_count(const struct fetch_summary *summary)
{
    size_t count = 0;

    for (size_t i = RESULT_FAILURE; i < RESULT_COUNT; i++)
        count += summary->counts[i];
    return count;
}

void fetch_summary_log(const struct fetch_summary *summary, struct log *log)
{
    for (size_t i = 0; i < RESULT_COUNT; i++) {
        if (summary->counts[i] > 0 || i < RESULT_FAILURE)
            log_write(log, LOG_NOTICE, "%6zu  %s", summary->counts[i], text_of(i));
    }
    log_write(log, LOG_NOTICE, "%" PRIu64 " %s received", COUNTED(summary->received_bytes, "byte"));
}
