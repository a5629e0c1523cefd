/* SPDX-License-Identifier: MIT */
/* One try to read a URL from beginning to end. */
#ifndef KSTRUCT_FETCH_TRANSFER_H
#define KSTRUCT_FETCH_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/fetch.h"

/* Receives the next bytes of a response that says it is the file; an error ends the transfer. */
typedef struct error *transfer_sink(void *context, const void *bytes, size_t length);

/* How a failed transfer is to be seen. */
struct transfer_failure {
    bool is_transient;     /* the same may succeed in a moment */
    unsigned wait_seconds; /* the server asked to be left alone for so long; 0 if it did not */
};

/* Hands the bytes at URL to SINK. Redirects are followed, but not from https to http and never to
 * files of this machine. A body shorter or longer than its Content-Length is a failure; an error of
 * SINK is handed on. FAILURE is set only on failure. */
struct error *transfer_run(const struct fetch_settings *settings, const char *url,
                           transfer_sink *sink, void *context,
                           struct transfer_failure *failure) MUST_CHECK;

#endif
