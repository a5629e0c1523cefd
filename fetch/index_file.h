/* SPDX-License-Identifier: MIT */
/* Small files of a server that are read whole: a source's indexes. */
#ifndef KSTRUCT_FETCH_INDEX_FILE_H
#define KSTRUCT_FETCH_INDEX_FILE_H

#include <stddef.h>

#include "base/buffer.h"
#include "fetch/fetch.h"

/* Reads what is at URL into RET, which has been initialized with the most bytes that it may have;
 * what was in it is lost. Transient failures are tried again as SETTINGS say. ERROR_NOT_FOUND: the
 * server says that there is none; ERROR_INCONCLUSIVE: it cannot be read now, or is too long. */
struct error *index_file_fetch(const struct fetch_settings *settings, const char *url,
                               struct buffer *ret) MUST_CHECK;

/* The plain bytes of what xz or gzip packed, into RET as above. ERROR_INCONCLUSIVE, at URL, if they
 * are damaged or too many. */
struct error *index_file_unpack(const struct buffer *packed, const char *url,
                                struct buffer *ret) MUST_CHECK;

#endif
