/* SPDX-License-Identifier: MIT */
/* The one place where liblzma's results become errors. */
#ifndef KSTRUCT_EXTRACT_XZ_LZMA_ERROR_H
#define KSTRUCT_EXTRACT_XZ_LZMA_ERROR_H

#include <lzma.h>

#include "base/error.h"

/* NULL if RESULT is success. DECODER is the one that returned it, or NULL where memory has no
 * limit; PATH and BYTE_OFFSET say where in the file it was. */
struct error *lzma_error_translate(lzma_ret result, const lzma_stream *decoder, const char *path,
                                   uint64_t byte_offset) MUST_CHECK;

/* That many bytes are more than is allowed. */
struct error *lzma_error_of_memory(const char *path, uint64_t byte_size) MUST_CHECK;

#endif
