/* SPDX-License-Identifier: MIT */
/* All that is known of a definition, as a JSON document: report/schemas/struct.schema.json. */
#ifndef KSTRUCT_REPORT_PAGES_STRUCT_JSON_H
#define KSTRUCT_REPORT_PAGES_STRUCT_JSON_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "report/report_context.h"

/* How every such document begins; no other file is taken for one. */
#define STRUCT_JSON_BEGINNING "{\"format\": \"kstruct-struct\","

/* As struct_format's render. */
struct error *struct_json_render(const struct report_context *context, size_t struct_index,
                                 struct arena *scratch, struct buffer *json) MUST_CHECK;

#endif
