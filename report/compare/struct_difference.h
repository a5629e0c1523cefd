/* SPDX-License-Identifier: MIT */
/*
 * What changed between two layouts of a struct, by the rules of a page: fields are matched by name,
 * and a matched field has changed if its type prints differently. Places, sizes and the order of
 * fields do not count.
 *
 * No C struct has two fields of one name, but foreign data may: the first of a name is matched with
 * the first, the second with the second, and so on.
 */
#ifndef KSTRUCT_REPORT_COMPARE_STRUCT_DIFFERENCE_H
#define KSTRUCT_REPORT_COMPARE_STRUCT_DIFFERENCE_H

#include <stddef.h>

#include "base/error.h"
#include "model/layout.h"

enum field_change_kind { FIELD_ADDED, FIELD_REMOVED, FIELD_TYPE_CHANGED };

struct field_change {
    enum field_change_kind kind;
    const struct layout_member *before; /* NULL if added */
    const struct layout_member *after;  /* NULL if removed */
};

/* All that were added in the order of the later layout, then all removed and then all that changed
 * type in the order of the earlier one. The members belong to the layouts. */
struct struct_difference {
    size_t change_count;
    struct field_change *changes;
};

/* Compares BEFORE with AFTER. Free with struct_difference_deinit(). */
struct error *struct_difference_compute(const struct layout *before, const struct layout *after,
                                        struct struct_difference *difference_ret) MUST_CHECK;

void struct_difference_deinit(struct struct_difference *difference);

#endif
