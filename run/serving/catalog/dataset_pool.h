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

struct dataset_pool {
    struct workspace *workspace;
    char *path;
    pthread_mutex_t mutex;
    bool keeps;       /* what is given back is kept open */
    struct stat file; /* that those kept are of */
    size_t count;
    struct dataset *kept[DATASET_POOL_MAXIMUM];
};

/* Free with dataset_pool_deinit(), also after a failure. */
struct error *dataset_pool_init(struct dataset_pool *pool, struct workspace *workspace) MUST_CHECK;
void dataset_pool_deinit(struct dataset_pool *pool);

/* For the caller's thread alone, until it is given back. */
struct error *dataset_pool_take(struct dataset_pool *pool, struct dataset **dataset_ret) MUST_CHECK;
void dataset_pool_give(struct dataset_pool *pool, struct dataset *dataset);

/* Looks whether somebody is at work on the data directory, and closes what is kept if so. To be
 * called several times a second. */
void dataset_pool_look(struct dataset_pool *pool);

#endif
