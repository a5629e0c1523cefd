/* SPDX-License-Identifier: MIT */
/* A struct's layout as JSON: report/schemas/struct.schema.json. */
#ifndef KSTRUCT_REPORT_PAGES_JSON_LAYOUT_H
#define KSTRUCT_REPORT_PAGES_JSON_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "model/layout.h"
#include "report/write/json.h"

/* What several places of a document say of a member: its place, size and type. SCRATCH is for the
 * type's text. */
void json_member_set(struct json_document *document, json_t *object, const struct layout *layout,
                     const struct layout_member *member, struct buffer *scratch);

/* Puts all that is known of the layout into OBJECT. */
struct error *json_layout_set(struct json_document *document, json_t *object,
                              const struct layout *layout, struct arena *arena,
                              struct buffer *scratch) MUST_CHECK;

#endif
