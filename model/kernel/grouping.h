/* SPDX-License-Identifier: MIT */
/*
 * Which kernels of a report belong together, and which pairs of them are compared.
 *
 * group     its kernels                                            its pairs
 * Regular   the baseline, and those of its architecture and        each kernel with the next
 *           flavor that have another version
 * Arch      those of the baseline's version and flavor on other    the baseline with each
 *           architectures
 * Flavor    those of the baseline's version and architecture       the baseline with each
 *           with other flavors
 * Revision  all others, such as another ABI of the baseline's      each kernel's nearest relative
 *           version, or another version on another architecture    with it
 *
 * A kernel that is given the name of a group is in that one instead, which is paired like Revision.
 * Groups are printed in this order, then the named ones in the order in which they are first named;
 * a group without kernels is left out. Only Regular lists the baseline.
 *
 * The nearest relative of a kernel is the last one before it, of its flavor and architecture, among
 * the group and the baseline; else among all kernels; else it is the baseline.
 */
#ifndef KSTRUCT_MODEL_KERNEL_GROUPING_H
#define KSTRUCT_MODEL_KERNEL_GROUPING_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "model/kernel/kernel_group.h"
#include "model/kernel/kernel_name.h"

/* Take the first kernel, as kernel_name_compare() orders them, for the baseline. */
#define GROUPING_NO_BASELINE SIZE_MAX

/* Groups COUNT kernels with distinct names; kernels in the groups are ordered as by
 * kernel_name_compare(). GROUP_OVERRIDES has a name of a group or NULL for each kernel, or is NULL;
 * the baseline's is not looked at. BASELINE is an index or GROUPING_NO_BASELINE. Free with
 * kernel_groups_deinit(). Fails only for lack of memory. */
struct error *grouping_build(const struct kernel_name *names, const char *const *group_overrides,
                             size_t count, size_t baseline, struct kernel_groups *ret) MUST_CHECK;

#endif
