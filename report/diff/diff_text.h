/* SPDX-License-Identifier: MIT */
/* What differs between two kernels, for people at a terminal. */
#ifndef KSTRUCT_REPORT_DIFF_DIFF_TEXT_H
#define KSTRUCT_REPORT_DIFF_DIFF_TEXT_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/compare/kernel_difference.h"

/* Appends it to OUT; nothing if nothing differs. With colors, there are a terminal's sequences for
 * them in it, and no other control characters. */
struct error *difference_text_render(const struct kernel_difference *difference,
                                     enum difference_detail detail, bool has_colors,
                                     struct buffer *out) MUST_CHECK;

#endif
