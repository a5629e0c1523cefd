/* SPDX-License-Identifier: MIT */
/* The data set's table of types. Types are only ever added, so a type's id is its number + 1 in a
 * struct type_table into which all were loaded. */
#ifndef KSTRUCT_DATASET_STORED_TYPES_H
#define KSTRUCT_DATASET_STORED_TYPES_H

#include "base/arena.h"
#include "base/error.h"
#include "dataset/sql.h"
#include "model/type.h"

/* Reads all types into TYPES, which must be empty. */
struct error *stored_types_load(const struct sql_database *database,
                                struct type_table *types) MUST_CHECK;

/* Types by their ids, in TABLE. */
struct stored_types {
    const struct sql_database *database;
    struct type_table *table;
    sqlite3_stmt *one; /* asks for a type by its id; NULL: all are in TABLE */
    /* With ONE: */
    uint64_t last_id;
    const struct type **found; /* by id; NULL: not yet read */
    unsigned depth;            /* of the type that is being read */
    struct arena scratch;
};

/* All types were loaded into TABLE. Needs no stored_types_close(). */
static inline struct stored_types stored_types_in(const struct sql_database *database,
                                                  struct type_table *table)
{
    return (struct stored_types){.database = database, .table = table};
}

/* Reads types into TABLE, which must be empty, when they are asked for. Call stored_types_close()
 * also after a failure; TABLE keeps what was read. */
struct error *stored_types_open(const struct sql_database *database, struct type_table *table,
                                struct stored_types *types_ret) MUST_CHECK;
void stored_types_close(struct stored_types *types);

/* Adds the types from number FIRST_NEW on. */
struct error *stored_types_append(const struct sql_database *database,
                                  const struct type_table *types, uint32_t first_new) MUST_CHECK;

static inline uint64_t stored_type_id(const struct type *type)
{
    return (uint64_t)type->number + 1;
}

/* The type of that id; an error if there is none. */
struct error *stored_type_find(struct stored_types *types, uint64_t id,
                               const struct type **type_ret) MUST_CHECK;

#endif
