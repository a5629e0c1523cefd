/* SPDX-License-Identifier: MIT */
/* Which servers do not answer, so that a run over many kernels does not wait for each of them as
 * long as for the first. Safe to use from several threads. */
#ifndef KSTRUCT_FETCH_HOST_HEALTH_H
#define KSTRUCT_FETCH_HOST_HEALTH_H

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

#endif
