/* SPDX-License-Identifier: MIT */
/*
 * Which of two lists of names belong together: equal names do, and of several equal ones in a list
 * (which C does not allow and foreign data may have) the first with the first, the second with the
 * second, and so on.
 */
#ifndef KSTRUCT_REPORT_COMPARE_MEMBERS_NAME_MATCHING_H
#define KSTRUCT_REPORT_COMPARE_MEMBERS_NAME_MATCHING_H

#include <stdint.h>

#include "base/error.h"

#define NAME_WITHOUT_PARTNER UINT32_MAX

/* Sets, for each name, the index of its partner in the other list or NAME_WITHOUT_PARTNER. The
 * lists of partners are the caller's and as long as those of names. */
struct error *name_matching_find(const char *const *before, uint32_t before_count,
                                 const char *const *after, uint32_t after_count,
                                 uint32_t *before_partners, uint32_t *after_partners) MUST_CHECK;

#endif
