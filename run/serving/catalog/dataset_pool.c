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
    return workspace_path(workspace, DATASET_FILE_NAME, &pool->path);
}

static void close_all(struct dataset_pool *pool)
{
    while (pool->count > 0)
        dataset_close(pool->kept[--pool->count].dataset);
}

void dataset_pool_deinit(struct dataset_pool *pool)
{
    close_all(pool);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->path);
}

/* Is it of the file that is there now? */
static bool is_current(const struct dataset_pool *pool, const struct pooled_dataset *dataset)
{
    struct stat now;

    return stat(pool->path, &now) == 0 && now.st_dev == dataset->device &&
           now.st_ino == dataset->inode;
}

static struct error *open_dataset(const struct dataset_pool *pool,
                                  struct pooled_dataset *dataset_ret)
{
    struct pooled_dataset opened = {0};
    struct stat file = {0};

    /* One that takes its place meanwhile is not known as current, and not kept. */
    if (stat(pool->path, &file) == 0) {
        opened.device = file.st_dev;
        opened.inode = file.st_ino;
    }
    TRY(workspace_open_dataset(pool->workspace, DATASET_READ, &opened.dataset));
    struct error *error = dataset_limit_memory(opened.dataset, DATASET_BYTES);
    if (error)
        dataset_close(opened.dataset);
    else
        *dataset_ret = opened;
    return error;
}

/* What is not there now may be there soon: it is another error than that a name is nowhere. */
static struct error *as_passing(struct error *error)
{
    if (!error || error->code != ERROR_NOT_FOUND)
        return error;
    error_destroy(error);
    return error_create(ERROR_DATASET, NULL, "the data set is being changed; try again later");
}

struct error *dataset_pool_take(struct dataset_pool *pool, struct pooled_dataset *dataset_ret)
{
    struct pooled_dataset dataset = {0};

    pthread_mutex_lock(&pool->mutex);
    if (pool->count > 0)
        dataset = pool->kept[--pool->count];
    pthread_mutex_unlock(&pool->mutex);
    if (dataset.dataset && is_current(pool, &dataset)) {
        *dataset_ret = dataset;
        return NULL;
    }
    dataset_close(dataset.dataset);
    return as_passing(open_dataset(pool, dataset_ret));
}

void dataset_pool_give(struct dataset_pool *pool, const struct pooled_dataset *dataset)
{
    bool is_kept = is_current(pool, dataset);

    pthread_mutex_lock(&pool->mutex);
    is_kept = is_kept && pool->keeps && pool->count < DATASET_POOL_MAXIMUM;
    if (is_kept)
        pool->kept[pool->count++] = *dataset;
    pthread_mutex_unlock(&pool->mutex);
    if (!is_kept)
        dataset_close(dataset->dataset);
}

struct error *dataset_pool_load(struct dataset_pool *pool,
                                const struct dataset_selection *selection, struct history *history)
{
    struct pooled_dataset dataset;

    TRY(dataset_pool_take(pool, &dataset));
    struct error *error = dataset_load_history(dataset.dataset, selection, history);
    dataset_pool_give(pool, &dataset);
    return as_passing(error);
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
