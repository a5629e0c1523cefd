/* SPDX-License-Identifier: MIT */
/* What the fields of a list are in many kernels, as `kstruct offsets` finds them. */
#ifndef KSTRUCT_CLI_CHECKING_CHECK_FIELDS_H
#define KSTRUCT_CLI_CHECKING_CHECK_FIELDS_H

#include "check/list/field_check.h"
#include "report/offsets/offset_table.h"

/* Sets the facts of CHECK, whose kernels are those that INPUT shows. All is allocated from ARENA or
 * belongs to INPUT. ERROR_USAGE names the line of the list that names no field. */
struct error *check_fields_find(const struct offset_input *input, struct field_check *check,
                                struct arena *arena) MUST_CHECK;

/* Appends the names of the definitions that the list's fields are in, as often as it has them, to
 * what arena_append() has made so far. What names no field has none. */
struct error *check_fields_add_names(const struct field_list *list, struct arena *arena,
                                     const char ***names, size_t *count) MUST_CHECK;

#endif
