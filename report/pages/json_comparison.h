/* SPDX-License-Identifier: MIT */
/* What differs between two layouts as JSON: report/schemas/struct.schema.json. */
#ifndef KSTRUCT_REPORT_PAGES_JSON_COMPARISON_H
#define KSTRUCT_REPORT_PAGES_JSON_COMPARISON_H

#include "base/buffer.h"
#include "report/compare/layout_comparison.h"
#include "report/write/json.h"

/* Puts the keys "changes" and "member_changes" into OBJECT. SCRATCH is for texts. */
void json_comparison_set(struct json_document *document, json_t *object,
                         const struct layout_comparison *comparison, struct buffer *scratch);

#endif
