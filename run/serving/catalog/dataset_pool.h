/* SPDX-License-Identifier: MIT */
/*
 * Open data sets, to be used again: opening one costs as much as a page. None is kept open while
 * somebody is at work on the data directory, who may have to put another file in its place.
 */
#ifndef KSTRUCT_RUN_SERVING_CATALOG_DATASET_POOL_H
#define KSTRUCT_RUN_SERVING_CATALOG_DATASET_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "run/workspace.h"

enum { DATASET_POOL_MAXIMUM = 16 };

/* An open data set, and the file that was there before it was opened. */
struct pooled_dataset {
    struct dataset *dataset;
    dev_t device;
    ino_t inode;
};

struct dataset_pool {
    struct workspace *workspace;
    char *path;
    pthread_mutex_t mutex;
    bool keeps; /* what is given back is kept open */
    size_t count;
    struct pooled_dataset kept[DATASET_POOL_MAXIMUM];
};

/* Free with dataset_pool_deinit(), also after a failure. */
struct error *dataset_pool_init(struct dataset_pool *pool, struct workspace *workspace) MUST_CHECK;
void dataset_pool_deinit(struct dataset_pool *pool);

/* For the caller's thread alone, until it is given back. */
struct error *dataset_pool_take(struct dataset_pool *pool,
                                struct pooled_dataset *dataset_ret) MUST_CHECK;
void dataset_pool_give(struct dataset_pool *pool, const struct pooled_dataset *dataset);

/* dataset_load_history() by one of them; ERROR_DATASET for a kernel that is not there any more. */
struct error *dataset_pool_load(struct dataset_pool *pool,
                                const struct dataset_selection *selection,
                                struct history *history_ret) MUST_CHECK;

/* Looks whether somebody is at work on the data directory, and closes what is kept if so. To be
 * called several times a second. */
void dataset_pool_look(struct dataset_pool *pool);

#endif
