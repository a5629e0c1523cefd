/* SPDX-License-Identifier: MIT */
/* How much memory .zst data asks for (RFC 8878, section 3.1.1.1). */
#ifndef KSTRUCT_EXTRACT_ZSTD_WINDOW_H
#define KSTRUCT_EXTRACT_ZSTD_WINDOW_H

#include "extract/byte_range.h"

/* The bytes of DATA's window, as its first frame's header says; 0 if that does not say it. */
struct error *zstd_window_size(const struct byte_range *data, uint64_t *byte_size_ret) MUST_CHECK;

#endif
