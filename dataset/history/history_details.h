/* SPDX-License-Identifier: MIT */
/* What a history has beyond layouts: where definitions are declared, and further ones of a name. */
#ifndef KSTRUCT_DATASET_HISTORY_DETAILS_H
#define KSTRUCT_DATASET_HISTORY_DETAILS_H

#include <stdint.h>

#include "base/error.h"
#include "dataset/history/history_images.h"
#include "dataset/layout_rows.h"
#include "dataset/sql.h"
#include "model/history.h"

/* Fills in the details of a history whose definitions have their layouts already. ROWS must hold
 * all layouts of its kernels. */
struct error *history_details_load(struct history_images *images, const struct layout_rows *rows,
                                   struct history *history) MUST_CHECK;

#endif
