/* SPDX-License-Identifier: MIT */
#include "base/system/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct pool {
    parallel_work *work;
    void *context;
    size_t item_count;
    atomic_size_t next_item;
    atomic_bool has_failed;
    pthread_mutex_t mutex; /* guards the two below */
    struct error *error;
    size_t error_item;
};

struct worker {
    struct pool *pool;
    unsigned number;
    pthread_t thread;
};

static void keep_error(struct pool *pool, struct error *error, size_t item)
{
    pthread_mutex_lock(&pool->mutex);
    if (!pool->error || item < pool->error_item) {
        error_destroy(pool->error);
        pool->error = error;
        pool->error_item = item;
    } else {
        error_destroy(error);
    }
    atomic_store(&pool->has_failed, true);
    pthread_mutex_unlock(&pool->mutex);
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;

    while (!atomic_load(&pool->has_failed)) {
        size_t item = atomic_fetch_add(&pool->next_item, 1);
        if (item >= pool->item_count)
            break;
        struct error *error = pool->work(pool->context, worker->number, item);
        if (error)
            keep_error(pool, error, item);
    }
    return NULL;
}

/* Starts threads for all workers but the first; returns how many run, the caller's included. A
 * thread that cannot be started is done without: the others take its items. */
static unsigned start_workers(struct worker *workers, unsigned jobs, struct pool *pool)
{
    unsigned started = 1;

    workers[0] = (struct worker){.pool = pool};
    while (started < jobs) {
        struct worker *worker = &workers[started];
        *worker = (struct worker){.pool = pool, .number = started};
        if (pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
            break;
        started++;
    }
    return started;
}

struct error *parallel_for(unsigned jobs, size_t item_count, parallel_work *work, void *context)
{
    struct pool pool = {.work = work, .context = context, .item_count = item_count};

    if (jobs > item_count)
        jobs = (unsigned)item_count;
    if (jobs == 0)
        jobs = 1;
    struct worker *workers = calloc(jobs, sizeof(*workers));
    if (!workers)
        return error_out_of_memory();
    pthread_mutex_init(&pool.mutex, NULL);
    unsigned started = start_workers(workers, jobs, &pool);
    run_worker(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&pool.mutex);
    free(workers);
    return pool.error;
}
