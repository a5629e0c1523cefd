/* SPDX-License-Identifier: MIT */
/*
 * What a report is about: some kernels, every struct that at least one of them has, and the layout
 * of each struct in each kernel. Filled from a data set, read by the report.
 */
#ifndef KSTRUCT_MODEL_HISTORY_H
#define KSTRUCT_MODEL_HISTORY_H

#include <stddef.h>

#include "base/arena.h"
#include "model/layout.h"
#include "model/type.h"

struct history_struct {
    const char *name;
    const struct layout **layouts; /* one a kernel, in the kernels' order; NULL where absent */
};

struct history {
    struct arena arena; /* owns all but the types */
    struct type_table types;
    size_t kernel_count;
    const char **kernel_names;
    size_t struct_count;
    struct history_struct *structs; /* sorted by name, bytewise */
};

void history_init(struct history *history);
void history_deinit(struct history *history);

#endif
