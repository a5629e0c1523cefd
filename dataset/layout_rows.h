/* SPDX-License-Identifier: MIT */
/* Layouts read back from their rows. */
#ifndef KSTRUCT_DATASET_LAYOUT_ROWS_H
#define KSTRUCT_DATASET_LAYOUT_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "dataset/sql.h"
#include "dataset/stored_types.h"
#include "model/layout.h"
#include "model/type.h"

struct layout_rows {
    size_t count;
    uint64_t *ids; /* ascending */
    struct layout *layouts;
    /* The layouts' own, by the same index: */
    struct layout_member **members;
    struct enumerator **enumerators;
};

/*
 * Reads the layouts of these ids, which must ascend; one that the data set does not have is left
 * out, and layout_rows_find() does not find it. Everything is put into ARENA; types are TYPES'.
 */
struct error *layout_rows_read(const struct sql_database *database, const uint64_t *ids,
                               size_t id_count, struct stored_types *types, struct arena *arena,
                               struct layout_rows *rows_ret) MUST_CHECK;

/* The layout of that id, or NULL. */
const struct layout *layout_rows_find(const struct layout_rows *rows, uint64_t id);

#endif
