/* SPDX-License-Identifier: MIT */
/* What tables and lists of definitions call one: a struct by its name alone, others with their
 * kind: `task_struct`, `union sigval`, `base type int`. */
#ifndef KSTRUCT_REPORT_WRITE_DEFINITION_TITLE_H
#define KSTRUCT_REPORT_WRITE_DEFINITION_TITLE_H

#include "base/buffer.h"
#include "model/definition_kind.h"

/* "union ", and nothing for a struct. */
void definition_title_append_kind(struct buffer *out, enum definition_kind kind);

void definition_title_append(struct buffer *out, enum definition_kind kind, const char *name);

/* The kind and name that a title stands for; *NAME_RET points into TITLE. */
void definition_title_parse(const char *title, enum definition_kind *kind_ret,
                            const char **name_ret);

#endif
