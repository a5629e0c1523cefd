/* SPDX-License-Identifier: MIT */
/* What a field that a program misses in a kernel may be called there, as `kstruct offsets` guesses.
 */
#ifndef KSTRUCT_CLI_CHECKING_CHECK_HINTS_H
#define KSTRUCT_CLI_CHECKING_CHECK_HINTS_H

#include "check/bpf/object_check.h"
#include "report/offsets/offset_answer.h"

/* Appends "renamed? start_boottime"; nothing where there is no guess. */
void check_hint_append(struct buffer *out, const struct offset_hint *hint);

/* Sets CHECK's hints for all that fails, whose kernels are those that INPUT shows. All is allocated
 * from ARENA. */
struct error *check_hints_find(const struct offset_input *input, struct object_check *check,
                               struct arena *arena) MUST_CHECK;

#endif
