/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_workers.h"

#include <pthread.h>
#include <stdlib.h>

/* Who comes after so many would wait for longer than anybody does. */
static const unsigned waiting_maximum[HTTP_WEIGHT_COUNT] = {[HTTP_LIGHT] = 512, [HTTP_HEAVY] = 16};

struct queue {
    struct http_workers *workers;
    pthread_cond_t condition;
    struct http_job *first;
    struct http_job **end;
    unsigned count;
    unsigned thread_count;
    pthread_t *threads;
};

struct http_workers {
    http_work *work;
    void *context;
    pthread_mutex_t mutex;
    bool is_ending;
    struct queue queues[HTTP_WEIGHT_COUNT];
};

/* The next job; NULL: there will be none. */
static struct http_job *take(struct queue *queue)
{
    struct http_workers *workers = queue->workers;

    pthread_mutex_lock(&workers->mutex);
    while (!queue->first && !workers->is_ending)
        pthread_cond_wait(&queue->condition, &workers->mutex);
    struct http_job *job = queue->first;
    if (job) {
        queue->first = job->next;
        if (!queue->first)
            queue->end = &queue->first;
        queue->count--;
    }
    pthread_mutex_unlock(&workers->mutex);
    return job;
}

static void *run(void *argument)
{
    struct queue *queue = argument;
    struct http_job *job;

    while ((job = take(queue)))
        queue->workers->work(queue->workers->context, job);
    return NULL;
}

static struct error *start_queue(struct http_workers *workers, struct queue *queue, unsigned count)
{
    queue->workers = workers;
    queue->end = &queue->first;
    pthread_cond_init(&queue->condition, NULL);
    queue->threads = calloc(count, sizeof(*queue->threads));
    if (!queue->threads)
        return error_out_of_memory();
    for (; queue->thread_count < count; queue->thread_count++) {
        int reason = pthread_create(&queue->threads[queue->thread_count], NULL, run, queue);
        if (reason != 0)
            return error_create_errno(reason, NULL, "cannot start a thread");
    }
    return NULL;
}

struct error *http_workers_start(unsigned light_count, http_work *work, void *context,
                                 struct http_workers **workers_ret)
{
    struct http_workers *workers = calloc(1, sizeof(*workers));

    if (!workers)
        return error_out_of_memory();
    workers->work = work;
    workers->context = context;
    pthread_mutex_init(&workers->mutex, NULL);
    struct error *error = start_queue(workers, &workers->queues[HTTP_HEAVY], 1);
    if (!error)
        error = start_queue(workers, &workers->queues[HTTP_LIGHT], light_count);
    if (error) {
        http_workers_destroy(workers);
        return error;
    }
    *workers_ret = workers;
    return NULL;
}

bool http_workers_add(struct http_workers *workers, enum http_weight weight, struct http_job *job)
{
    struct queue *queue = &workers->queues[weight];

    pthread_mutex_lock(&workers->mutex);
    bool is_taken = !workers->is_ending && queue->count < waiting_maximum[weight];
    if (is_taken) {
        job->next = NULL;
        *queue->end = job;
        queue->end = &job->next;
        queue->count++;
        pthread_cond_signal(&queue->condition);
    }
    pthread_mutex_unlock(&workers->mutex);
    return is_taken;
}

static void stop_queue(struct queue *queue)
{
    if (queue->workers)
        pthread_cond_broadcast(&queue->condition);
    for (; queue->thread_count > 0; queue->thread_count--)
        pthread_join(queue->threads[queue->thread_count - 1], NULL);
}

void http_workers_stop(struct http_workers *workers)
{
    pthread_mutex_lock(&workers->mutex);
    workers->is_ending = true;
    pthread_mutex_unlock(&workers->mutex);
    for (unsigned i = 0; i < HTTP_WEIGHT_COUNT; i++)
        stop_queue(&workers->queues[i]);
}

void http_workers_destroy(struct http_workers *workers)
{
    if (!workers)
        return;
    http_workers_stop(workers);
    for (unsigned i = 0; i < HTTP_WEIGHT_COUNT; i++) {
        if (workers->queues[i].workers)
            pthread_cond_destroy(&workers->queues[i].condition);
        free(workers->queues[i].threads);
    }
    pthread_mutex_destroy(&workers->mutex);
    free(workers);
}
