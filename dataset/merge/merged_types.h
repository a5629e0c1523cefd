/* SPDX-License-Identifier: MIT */
/* The types of an attached data set as types of the main one. */
#ifndef KSTRUCT_DATASET_MERGE_MERGED_TYPES_H
#define KSTRUCT_DATASET_MERGE_MERGED_TYPES_H

#include "base/error.h"
#include "dataset/sql.h"

/* Adds the types of SOURCE, which is attached to DATABASE, that this one lacks, and fills its
 * temporary table merged_type (old, new) with all of them. To be called in a transaction. */
struct error *merged_types_add(const struct sql_database *database,
                               const struct sql_database *source) MUST_CHECK;

#endif
