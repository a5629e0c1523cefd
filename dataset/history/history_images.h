/* SPDX-License-Identifier: MIT */
/* Which kernel of a history each image of the data set is of. */
#ifndef KSTRUCT_DATASET_HISTORY_HISTORY_IMAGES_H
#define KSTRUCT_DATASET_HISTORY_HISTORY_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash/string_table.h"
#include "dataset/dataset.h"
#include "dataset/sql.h"

struct history_image {
    size_t kernel;           /* index in the history */
    const char *module_name; /* NULL: vmlinux */
};

/* Images are looked up when they are come across: of many there are, few may be needed. */
struct history_images {
    const struct sql_database *database;
    const struct dataset_selection *selection;
    struct arena *arena;         /* the history's */
    struct string_table kernels; /* a kernel's number is its index */
    sqlite3_stmt *one;           /* asks for an image by its id */
    uint64_t count;              /* ids are below it */
    uint8_t *states;             /* by id: whether it was looked up, and is of the history */
    struct history_image *found; /* by id */
    const char *condition;       /* SQL: which rows of tables with an image and a layout are to be
                                    seen at all; may let rows of other images through */
    const char *ids; /* what ?1 of it stands for: a list of ids in JSON; NULL: it has none */
};

/* The images of the kernels of HISTORY, which the selection named, as far as it wants them. Fills
 * in what is known of the kernels. ERROR_NOT_FOUND for a kernel that the data set does not have.
 * Call history_images_close() also after a failure; what was found lives as long as HISTORY. */
struct error *history_images_open(const struct sql_database *database,
                                  const struct dataset_selection *selection,
                                  struct history *history,
                                  struct history_images *images_ret) MUST_CHECK;
void history_images_close(struct history_images *images);

/* *IMAGE_RET is NULL for one that the history does not have. */
struct error *history_images_find(struct history_images *images, uint64_t id,
                                  const struct history_image **image_ret) MUST_CHECK;

/* Prepares a query of a table with images and layouts: SELECT, the condition, and ORDER after it.
 * To be given back with sql_release(). */
struct error *history_images_prepare(const struct history_images *images, const char *select,
                                     const char *order, sqlite3_stmt **statement_ret) MUST_CHECK;

#endif
