/* SPDX-License-Identifier: MIT */
/* What a history has beyond layouts: where definitions are declared, and further ones of a name. */
#ifndef KSTRUCT_DATASET_HISTORY_DETAILS_H
#define KSTRUCT_DATASET_HISTORY_DETAILS_H

#include <stdint.h>

#include "base/error.h"
#include "dataset/layout_rows.h"
#include "dataset/sql.h"
#include "model/history.h"

/* Which kernel of a history each image of the data set is of, and which rows of tables with an
 * image and a layout are to be seen at all. */
struct history_images {
    uint64_t *indexes;         /* by the image's id; UINT64_MAX: not in the history */
    const char **module_names; /* by the image's id; NULL: vmlinux */
    uint64_t count;
    const char *condition; /* SQL; may let rows of other images through */
    const char *name;      /* its ?1; NULL if it has none */
};

/* Prepares a query of such a table, and binds the name: SELECT, the condition, and ORDER after it.
 */
struct error *history_images_prepare(const struct history_images *images,
                                     const struct sql_database *database, const char *select,
                                     const char *order, sqlite3_stmt **statement_ret) MUST_CHECK;

/* Fills in the details of a history whose definitions have their layouts already. ROWS must hold
 * all layouts of its kernels. */
struct error *history_details_load(const struct sql_database *database,
                                   const struct history_images *images,
                                   const struct layout_rows *rows,
                                   struct history *history) MUST_CHECK;

#endif
