/* SPDX-License-Identifier: MIT */
#include "run/serving/catalog/dataset_pool.h"

#include <stdlib.h>

#include "run/data_lock.h"

/* Of each one's pages in memory: what all answers need, and the way to the rest. */
enum { DATASET_BYTES = 12 * 1024 * 1024 };

struct error *dataset_pool_init(struct dataset_pool *pool, struct workspace *workspace)
{
    *pool = (struct dataset_pool){.workspace = workspace};
    pthread_mutex_init(&pool->mutex, NULL);
    return workspace_path(workspace, "kstruct.db", &pool->path);
}

static void close_all(struct dataset_pool *pool)
{
    while (pool->count > 0)
        dataset_close(pool->kept[--pool->count]);
}

void dataset_pool_deinit(struct dataset_pool *pool)
{
    close_all(pool);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->path);
}

/* Closes what is of another file than is there now. */
static void close_old(struct dataset_pool *pool)
{
    struct stat now = {0};

    if (stat(pool->path, &now) == 0 && now.st_dev == pool->file.st_dev &&
        now.st_ino == pool->file.st_ino)
        return;
    close_all(pool);
    pool->file = now;
}

static struct error *open_dataset(const struct dataset_pool *pool, struct dataset **dataset_ret)
{
    struct dataset *dataset;

    TRY(workspace_open_dataset(pool->workspace, DATASET_READ, &dataset));
    struct error *error = dataset_limit_memory(dataset, DATASET_BYTES);
    if (error)
        dataset_close(dataset);
    else
        *dataset_ret = dataset;
    return error;
}

struct error *dataset_pool_take(struct dataset_pool *pool, struct dataset **dataset_ret)
{
    struct dataset *dataset = NULL;

    pthread_mutex_lock(&pool->mutex);
    close_old(pool);
    if (pool->count > 0)
        dataset = pool->kept[--pool->count];
    pthread_mutex_unlock(&pool->mutex);
    if (!dataset)
        TRY(open_dataset(pool, &dataset));
    *dataset_ret = dataset;
    return NULL;
}

void dataset_pool_give(struct dataset_pool *pool, struct dataset *dataset)
{
    pthread_mutex_lock(&pool->mutex);
    /* Of which file it is, nobody knows if that was replaced meanwhile. */
    ino_t file = pool->file.st_ino;
    close_old(pool);
    bool is_kept = pool->keeps && file == pool->file.st_ino && pool->count < DATASET_POOL_MAXIMUM;
    if (is_kept)
        pool->kept[pool->count++] = dataset;
    pthread_mutex_unlock(&pool->mutex);
    if (!is_kept)
        dataset_close(dataset);
}

void dataset_pool_look(struct dataset_pool *pool)
{
    bool is_locked = data_is_locked(pool->workspace);

    pthread_mutex_lock(&pool->mutex);
    pool->keeps = !is_locked;
    if (is_locked)
        close_all(pool);
    pthread_mutex_unlock(&pool->mutex);
}
