/* SPDX-License-Identifier: MIT */
/* Which layouts of a data set a selection wants. */
#ifndef KSTRUCT_DATASET_HISTORY_WANTED_LAYOUTS_H
#define KSTRUCT_DATASET_HISTORY_WANTED_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "dataset/dataset.h"
#include "dataset/sql.h"
#include "dataset/stored_types.h"

struct wanted_layouts {
    uint64_t last_id; /* of all that there are */
    bool *is_wanted;  /* by id */
    /* Of a selection by names: all that are wanted, in no order. */
    size_t count;
    uint64_t *ids;
};

/* All is allocated from ARENA. */
struct error *wanted_layouts_list(const struct sql_database *database,
                                  const struct dataset_selection *selection,
                                  struct stored_types *types, struct arena *arena,
                                  struct wanted_layouts *wanted_ret) MUST_CHECK;

#endif
