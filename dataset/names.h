/* SPDX-License-Identifier: MIT */
#ifndef KSTRUCT_DATASET_NAMES_H
#define KSTRUCT_DATASET_NAMES_H

#include "dataset/dataset.h"
#include "dataset/sql.h"

/* Adds a copy of NAME at the end. */
struct error *dataset_names_append(struct dataset_names *names, const char *name) MUST_CHECK;

/* Adds what STATEMENT has in its first column, row by row. */
struct error *dataset_names_append_rows(struct dataset_names *names,
                                        const struct sql_database *database,
                                        sqlite3_stmt *statement) MUST_CHECK;

#endif
