/* SPDX-License-Identifier: MIT */
/* The table of kernels, a row a record. Its columns are those of model/kernel/kernel_record.h. */
#ifndef KSTRUCT_DATASET_KERNEL_TABLE_H
#define KSTRUCT_DATASET_KERNEL_TABLE_H

#include "base/arena.h"
#include "dataset/sql.h"
#include "model/kernel/kernel_record.h"

/* "name, package, …, digest": what a query selects that kernel_table_read() is given the row of. */
#define KERNEL_TABLE_TEXT(column, note) #column ", "
#define KERNEL_TABLE_COUNT(kind, word, ...) word "_count, "
#define KERNEL_TABLE_COLUMNS                                                                       \
    KERNEL_TEXTS(KERNEL_TABLE_TEXT)                                                                \
    KERNEL_NUMBERS(KERNEL_TABLE_TEXT) DEFINITION_KINDS(KERNEL_TABLE_COUNT) "digest"

/* Reads those columns of ROW, from the first on; texts are copied into ARENA. */
struct error *kernel_table_read(const struct sql_database *database, sqlite3_stmt *row,
                                struct arena *arena, struct kernel_record *record_ret) MUST_CHECK;

/* Adds a row; *ID_RET is its number. */
struct error *kernel_table_insert(const struct sql_database *database,
                                  const struct kernel_record *record, uint64_t *id_ret) MUST_CHECK;

#endif
