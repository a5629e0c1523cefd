/* SPDX-License-Identifier: MIT */
/* A layout as JSON: report/schemas/struct.schema.json. */
#ifndef KSTRUCT_REPORT_PAGES_JSON_LAYOUT_H
#define KSTRUCT_REPORT_PAGES_JSON_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"
#include "model/text/json.h"

/* Puts all that is known of the layout into OBJECT. */
struct error *json_layout_set(struct json_document *document, json_t *object,
                              const struct layout *layout, struct arena *arena,
                              struct buffer *scratch) MUST_CHECK;

#endif
