/* SPDX-License-Identifier: MIT */
/* Which servers do not answer or have asked to be left alone, so that a run over many kernels does
 * not wait for each of them as long as for the first. Safe to use from several threads. */
#ifndef KSTRUCT_FETCH_HTTP_HOST_HEALTH_H
#define KSTRUCT_FETCH_HTTP_HOST_HEALTH_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/compiler.h"

struct host_health;

/* All servers are well at first. NULL when there is no memory. Free with host_health_destroy(). */
struct host_health *host_health_create(void) MUST_CHECK;

/* NULL-safe. */
void host_health_destroy(struct host_health *health);

/* HEALTH may be NULL below: then nothing is noted, and all are well. A server is what stands before
 * the path of a URL; a file URL has none. */

/* Notes whether the server of URL is given up for now. */
void host_health_note(struct host_health *health, const char *url, bool is_failing);

/* Was that the last that was noted of the server of URL? */
bool host_health_is_failing(struct host_health *health, const char *url);

/* Somebody who asks a server, with all tries. */
struct host_visit {
    struct host_health *health;
    const char *url;       /* borrowed */
    bool is_first;         /* nobody has got an answer yet: the others wait for this one's */
    unsigned seconds_left; /* of the time that the server is to be left alone */
    bool has_asked_for_it; /* the server has; else it does not answer */
};

/* Waits until the server of URL may be asked: while somebody else waits for its first answer, and
 * for up to LONGEST_SECONDS that it has asked to be left alone for. False if it is to be left alone
 * for longer: VISIT says for how long and why. True also once *IS_CANCELLED (NULL: never) is set;
 * to be followed by host_health_leave(). */
bool host_health_enter(struct host_health *health, const char *url, unsigned longest_seconds,
                       const atomic_bool *is_cancelled, struct host_visit *visit) MUST_CHECK;

/* The server has answered; the others need not wait for the visit's end. */
void host_health_answered(const struct host_visit *visit);

/* The visit is over. HAS_ANSWER: the server has said anything at all to the last try. After two in
 * a row without one, it is left alone for some minutes. */
void host_health_leave(const struct host_visit *visit, bool has_answer);

/* The server of URL asks all to leave it alone for so long. */
void host_health_leave_alone(struct host_health *health, const char *url, unsigned seconds);

#endif
