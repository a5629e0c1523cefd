/* SPDX-License-Identifier: MIT */
/* A source's indexes, as they come packed. */
#ifndef KSTRUCT_FETCH_ARCHIVE_PACKED_INDEX_H
#define KSTRUCT_FETCH_ARCHIVE_PACKED_INDEX_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/* The plain bytes of what xz or gzip packed, into RET, which has been
 * initialized with the most bytes that it may have. ERROR_INCONCLUSIVE, at URL, if they
 * are damaged or too many. */
struct error *packed_index_unpack(const struct buffer *packed, const char *url,
                                  struct buffer *ret) MUST_CHECK;

/* A document_too_long() for indexes. */
struct error *index_too_long(const char *url, size_t maximum) MUST_CHECK;

#endif
