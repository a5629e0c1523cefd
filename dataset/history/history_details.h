/* SPDX-License-Identifier: MIT */
/* What a history has beyond layouts: where definitions are declared, and further ones of a name. */
#ifndef KSTRUCT_DATASET_HISTORY_DETAILS_H
#define KSTRUCT_DATASET_HISTORY_DETAILS_H

#include "base/error.h"
#include "dataset/history/history_images.h"
#include "dataset/history/loaded_definitions.h"
#include "dataset/sql.h"
#include "model/history.h"

/* Fills in the details of a history whose entries have their layouts already, from the definitions
 * that it was made of. */
struct error *history_details_load(struct history_images *images,
                                   const struct loaded_definitions *definitions,
                                   struct history *history) MUST_CHECK;

#endif
