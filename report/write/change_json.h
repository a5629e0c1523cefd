/* SPDX-License-Identifier: MIT */
/* Members and what changed of them, in JSON: the same shape in every document. What is not known,
 * or is not there, is null. */
#ifndef KSTRUCT_REPORT_WRITE_CHANGE_JSON_H
#define KSTRUCT_REPORT_WRITE_CHANGE_JSON_H

#include "model/text/json.h"
#include "report/compare/layout_comparison.h"

/* Puts the keys of MEMBER into OBJECT: "type" as pages print it, "declaration" in C, "bit_offset",
 * "byte_size", "bitfield_size". SCRATCH is for the declaration: ERROR_LIMIT if it has no room. */
struct error *change_json_set_member(struct json_document *document, json_t *object,
                                     const struct layout *layout,
                                     const struct layout_member *member,
                                     struct buffer *scratch) MUST_CHECK;

/* Puts the array "changes" into OBJECT: the keys of the set KINDS. */
void change_json_set_kinds(struct json_document *document, json_t *object, unsigned kinds);

/* Puts the array KEY into OBJECT, an object for each member that changed: "changes", "before" and
 * "after" (a member with its "path" and "nesting"), "hint". */
struct error *change_json_set_members(struct json_document *document, json_t *object,
                                      const char *key, const struct layout_comparison *comparison,
                                      struct buffer *scratch) MUST_CHECK;

#endif
