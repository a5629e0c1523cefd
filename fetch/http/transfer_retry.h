/* SPDX-License-Identifier: MIT */
/* Whether and when a transient failure is worth another try. */
#ifndef KSTRUCT_FETCH_HTTP_TRANSFER_RETRY_H
#define KSTRUCT_FETCH_HTTP_TRANSFER_RETRY_H

#include <stdbool.h>

#include "fetch/fetch.h"
#include "fetch/http/host_health.h"

/* After FAILED_TRIES tries that failed for a transient reason, where the server asked to be left
 * alone for ASKED_SECONDS (0 if it did not): try again, and after how many milliseconds? The wait
 * is four times as long each time, and up to a quarter more or less by chance, so that many
 * clients of a server that was down do not come back at once. */
bool retry_wait(const struct fetch_settings *settings, unsigned failed_tries,
                unsigned asked_seconds, unsigned *milliseconds_ret);

/* The same after a transfer from URL, for which SETTINGS->host_health is asked: no, if another one
 * from its server has used up its tries. Notes it if this one now has. */
bool retry_wait_for_url(const struct fetch_settings *settings, const char *url,
                        unsigned failed_tries, unsigned asked_seconds, unsigned *milliseconds_ret);

/* Waits, but not longer than until fetching is cancelled. */
void retry_sleep(const struct fetch_settings *settings, unsigned milliseconds);

/* Is another try to be made after the transfer from URL has failed with ERROR, a transient one? If
 * so, says so in the log and waits. FAILED_TRIES and ASKED_SECONDS are as above. */
bool retry_pause(const struct fetch_settings *settings, const char *url, const struct error *error,
                 unsigned failed_tries, unsigned asked_seconds);

/* Begins a visit to the server of URL, as SETTINGS->host_health allows; see host_health_enter().
 * ERROR_INCONCLUSIVE if the server is to be left alone. End with host_health_leave(). */
struct error *retry_enter(const struct fetch_settings *settings, const char *url,
                          struct host_visit *visit) MUST_CHECK;

/* Is fetching to end? */
bool retry_is_cancelled(const struct fetch_settings *settings);

#endif
