/* SPDX-License-Identifier: MIT */
/* When the last run or rebuild began and ended, and how: status.json has it, and is where it is
 * kept (report/schemas/manifest.schema.json, `last_run`). */
#ifndef KSTRUCT_RUN_REPORT_LAST_RUN_H
#define KSTRUCT_RUN_REPORT_LAST_RUN_H

#include "base/arena.h"
#include "base/text/time_text.h"
#include "model/text/json.h"
#include "run/workspace.h"

/* How a run ended, each with its word. */
#define RUN_OUTCOMES(X)                                                                            \
    X(RUN_DONE, "done")     /* every kernel is there */                                            \
    X(RUN_PARTLY, "partly") /* some kernels are not, and the rest is done */                       \
    X(RUN_FAILED, "failed") /* no kernel that was wanted is there, or nothing could be done */     \
    X(RUN_INTERRUPTED, "interrupted") /* it was asked to end */

enum run_outcome {
#define X(outcome, word) outcome,
    RUN_OUTCOMES(X)
#undef X
        RUN_OUTCOME_COUNT,
};

struct last_run {
    bool is_known;
    char began[TIME_TEXT_BYTES]; /* UTC, ISO 8601 */
    char ended[TIME_TEXT_BYTES];
    enum run_outcome outcome;
    const char *reason; /* of a failure; NULL: there is none */
};

/* It begins now. */
void last_run_begin(struct last_run *run);

/* It ends now: with that failure, or NULL; or with so many of the kernels that were wanted not
 * there. REASON is taken from FAILURE, which has to live as long. */
void last_run_end(struct last_run *run, const struct error *failure, size_t wanted, size_t missing);

const char *run_outcome_word(enum run_outcome outcome);

/* Nothing is set if it is not known. */
void last_run_set_json(const struct last_run *run, struct json_document *document);

/* What DATADIR/status.json tells; not known if there is none, or it is an older program's. The
 * reason is allocated from ARENA. */
struct error *last_run_read(const struct workspace *workspace, struct arena *arena,
                            struct last_run *run_ret) MUST_CHECK;

#endif
