/* SPDX-License-Identifier: MIT */
/* Finds the member that somebody means who leaves out what it is embedded in: `skc_net` of a sock
 * is
 * `__sk_common.skc_net`. */
#ifndef KSTRUCT_REPORT_OFFSETS_EMBEDDED_MEMBER_H
#define KSTRUCT_REPORT_OFFSETS_EMBEDDED_MEMBER_H

#include "base/arena.h"
#include "base/error.h"
#include "model/scope.h"

/* The path, as offset_path.h has it, to a member of that name in what LAYOUT embeds: the first of
 * those that are embedded the least deep. NULL if there is none. */
struct error *embedded_member_find(const struct scope *scope, const struct layout *layout,
                                   const char *name, struct arena *arena,
                                   const char **path_ret) MUST_CHECK;

#endif
