/* SPDX-License-Identifier: MIT */
/* What differs between two kernels, as a document in Markdown. */
#ifndef KSTRUCT_REPORT_DIFF_DIFF_MARKDOWN_H
#define KSTRUCT_REPORT_DIFF_DIFF_MARKDOWN_H

#include "base/buffer.h"
#include "base/error.h"
#include "report/compare/kernel_difference.h"

struct error *difference_markdown_render(const struct kernel_difference *difference,
                                         enum difference_detail detail,
                                         struct buffer *out) MUST_CHECK;

#endif
