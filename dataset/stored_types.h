/* SPDX-License-Identifier: MIT */
/* The data set's table of types. Types are only ever added, so a type's id is its number + 1 in a
 * struct type_table that was loaded from it. */
#ifndef KSTRUCT_DATASET_STORED_TYPES_H
#define KSTRUCT_DATASET_STORED_TYPES_H

#include "base/error.h"
#include "dataset/sql.h"
#include "model/type.h"

/* Reads all types into TYPES, which must be empty. */
struct error *stored_types_load(const struct sql_database *database,
                                struct type_table *types) MUST_CHECK;

/* Adds the types from number FIRST_NEW on. */
struct error *stored_types_append(const struct sql_database *database,
                                  const struct type_table *types, uint32_t first_new) MUST_CHECK;

static inline uint64_t stored_type_id(const struct type *type)
{
    return (uint64_t)type->number + 1;
}

/* The type of that id; an error if there is none. */
struct error *stored_type_find(const struct sql_database *database, const struct type_table *types,
                               uint64_t id, const struct type **type_ret) MUST_CHECK;

#endif
