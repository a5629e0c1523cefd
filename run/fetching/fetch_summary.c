/* SPDX-License-Identifier: MIT */
#include "run/fetching/fetch_summary.h"
#include "base/text/counted.h"

#include <inttypes.h>

static const char *const texts[RESULT_COUNT] = {
    [RESULT_FETCHED] = "fetched",
    [RESULT_REUSED] = "reused",
    [RESULT_MISSING] = "missing everywhere",
    [RESULT_NOT_YET] = "not yet published",
    [RESULT_WRAPPER] = "empty wrapper",
    [RESULT_INCONCLUSIVE] = "inconclusive (a source did not answer)",
    [RESULT_CORRUPT] = "corrupt",
    [RESULT_FAILED] = "failed otherwise",
};

static enum fetch_result result_of(const struct fetched_package *package,
                                   const struct error *failure)
{
    if (!failure)
        return package->was_fetched ? RESULT_FETCHED : RESULT_REUSED;
    switch (failure->code) {
    case ERROR_NOT_FOUND: return RESULT_MISSING;
    case ERROR_NOT_YET: return RESULT_NOT_YET;
    case ERROR_WRAPPER: return RESULT_WRAPPER;
    case ERROR_INCONCLUSIVE: return RESULT_INCONCLUSIVE;
    case ERROR_CORRUPT: return RESULT_CORRUPT;
    default: return RESULT_FAILED;
    }
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

    for (size_t i = RESULT_MISSING; i < RESULT_COUNT; i++)
        count += summary->counts[i];
    return count;
}

void fetch_summary_log(const struct fetch_summary *summary, struct log *log)
{
    for (size_t i = 0; i < RESULT_COUNT; i++) {
        if (summary->counts[i] > 0 || i < RESULT_MISSING)
            log_write(log, LOG_NOTICE, "%6zu  %s", summary->counts[i], texts[i]);
    }
    log_write(log, LOG_NOTICE, "%" PRIu64 " %s received", COUNTED(summary->received_bytes, "byte"));
}
