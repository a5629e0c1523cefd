/* SPDX-License-Identifier: MIT */
#include "fetch/transfer_queue.h"

#include <stdlib.h>

/* How long the thread sleeps at most when nothing happens. */
enum { WAIT_MILLISECONDS = 1000 };

struct transfer_engine {
    struct transfer_settings settings;
    CURLM *multi;
    pthread_t thread;
    pthread_mutex_t mutex; /* for all below */
    struct transfer *first_new;
    bool is_stopping;
};

const struct transfer_settings *transfer_engine_settings(const struct transfer_engine *engine)
{
    return &engine->settings;
}

static void end(struct transfer_engine *engine, struct transfer *transfer, CURLcode result)
{
    pthread_mutex_lock(&engine->mutex);
    transfer->result = result;
    transfer->has_ended = true;
    pthread_cond_signal(&transfer->has_ended_condition);
    pthread_mutex_unlock(&engine->mutex);
}

/* Begins what has been queued; is there to be no more? */
static bool take_new(struct transfer_engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    struct transfer *transfer = engine->first_new;
    bool is_stopping = engine->is_stopping;
    engine->first_new = NULL;
    pthread_mutex_unlock(&engine->mutex);

    while (transfer) {
        struct transfer *next = transfer->next; /* it may be gone once it has ended */
        if (curl_multi_add_handle(engine->multi, transfer->curl) != CURLM_OK)
            end(engine, transfer, CURLE_OUT_OF_MEMORY);
        transfer = next;
    }
    return is_stopping;
}

static void take_ended(struct transfer_engine *engine)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(engine->multi, &left))) {
        char *transfer = NULL;
        CURL *curl = message->easy_handle;
        CURLcode result = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(curl, CURLINFO_PRIVATE, &transfer);
        curl_multi_remove_handle(engine->multi, curl);
        end(engine, (struct transfer *)(void *)transfer, result);
    }
}

static void *run(void *context)
{
    struct transfer_engine *engine = context;
    int running;

    while (!take_new(engine)) {
        curl_multi_perform(engine->multi, &running);
        take_ended(engine);
        curl_multi_poll(engine->multi, NULL, 0, WAIT_MILLISECONDS, NULL);
    }
    return NULL;
}

struct error *transfer_queue_run(struct transfer_engine *engine, struct transfer *transfer)
{
    pthread_mutex_lock(&engine->mutex);
    struct transfer **last = &engine->first_new;
    while (*last)
        last = &(*last)->next;
    *last = transfer;
    pthread_mutex_unlock(&engine->mutex);
    curl_multi_wakeup(engine->multi);

    pthread_mutex_lock(&engine->mutex);
    while (!transfer->has_ended)
        pthread_cond_wait(&transfer->has_ended_condition, &engine->mutex);
    pthread_mutex_unlock(&engine->mutex);
    return transfer->result == CURLE_OUT_OF_MEMORY ? error_out_of_memory() : NULL;
}

struct error *transfer_engine_start(const struct transfer_settings *settings,
                                    struct transfer_engine **engine_ret)
{
    struct transfer_engine *engine = calloc(1, sizeof(*engine));

    if (!engine)
        return error_out_of_memory();
    engine->settings = *settings;
    engine->multi = curl_multi_init();
    pthread_mutex_init(&engine->mutex, NULL);
    if (engine->multi)
        curl_multi_setopt(engine->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                          settings->connections_per_host);
    if (!engine->multi || pthread_create(&engine->thread, NULL, run, engine) != 0) {
        curl_multi_cleanup(engine->multi);
        pthread_mutex_destroy(&engine->mutex);
        free(engine);
        return error_out_of_memory();
    }
    *engine_ret = engine;
    return NULL;
}

void transfer_engine_stop(struct transfer_engine *engine)
{
    if (!engine)
        return;
    pthread_mutex_lock(&engine->mutex);
    engine->is_stopping = true;
    pthread_mutex_unlock(&engine->mutex);
    curl_multi_wakeup(engine->multi);
    pthread_join(engine->thread, NULL);
    curl_multi_cleanup(engine->multi);
    pthread_mutex_destroy(&engine->mutex);
    free(engine);
}
