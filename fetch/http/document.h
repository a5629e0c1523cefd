/* SPDX-License-Identifier: MIT */
/* Small files of a server that are read whole: a source's indexes and answers. */
#ifndef KSTRUCT_FETCH_HTTP_DOCUMENT_H
#define KSTRUCT_FETCH_HTTP_DOCUMENT_H

#include <stdbool.h>
#include <time.h>

#include "base/buffer.h"
#include "fetch/fetch.h"

/* Says that what is at URL has more than MAXIMUM bytes, in the words of who asked for it. */
typedef struct error *document_too_long(const char *url, size_t maximum);

/* Reads what is at URL into RET, which has been initialized with the most bytes that it may have;
 * what was in it is lost. IS_TEXT: it may be sent compressed. Transient failures are tried again as
 * SETTINGS say. ERROR_NOT_FOUND: the server says that there is none; ERROR_INCONCLUSIVE: it cannot
 * be read now. */
struct error *document_fetch(const struct fetch_settings *settings, const char *url, bool is_text,
                             document_too_long *too_long, struct buffer *ret) MUST_CHECK;

/* The same for what may be there already: *MODIFIED_AT is when the server last modified what is
 * there (0: nothing is), and becomes that of what comes, or 0 where no later request can go by it.
 * Without *IS_CHANGED_RET nothing has come, since it is the same still. */
struct error *document_fetch_changed(const struct fetch_settings *settings, const char *url,
                                     document_too_long *too_long, time_t *modified_at,
                                     bool *is_changed_ret, struct buffer *ret) MUST_CHECK;

#endif
