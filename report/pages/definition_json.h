/* SPDX-License-Identifier: MIT */
/* All that is known of a definition, as a JSON document: report/schemas/struct.schema.json. */
#ifndef KSTRUCT_REPORT_PAGES_DEFINITION_JSON_H
#define KSTRUCT_REPORT_PAGES_DEFINITION_JSON_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "report/report_context.h"

/* How every such document begins; no other file is taken for one. */
#define DEFINITION_JSON_BEGINNING "{\"format\": \"kstruct-struct\","

/* As page_format's render. */
struct error *definition_json_render(const struct report_context *context, size_t entry_index,
                                     struct arena *scratch, struct buffer *json) MUST_CHECK;

#endif
