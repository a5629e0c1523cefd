/* SPDX-License-Identifier: MIT */
/* An open data set, as the files of this folder see it. */
#ifndef KSTRUCT_DATASET_HANDLE_H
#define KSTRUCT_DATASET_HANDLE_H

#include "dataset/sql.h"

struct dataset {
    struct sql_database database;
    char *copy; /* of the whole file, where it had to be read so; else NULL */
    size_t copy_length;
};

/* The number of the kernel of that name; 0 if there is none. */
struct error *dataset_find_kernel(const struct dataset *dataset, const char *name,
                                  uint64_t *id_ret) MUST_CHECK;

/* Are the layouts with ids above ID, and all types, what their digests say? To be asked before the
 * transaction that has written them ends. */
struct error *dataset_check_layouts_above(const struct sql_database *database,
                                          uint64_t id) MUST_CHECK;

#endif
