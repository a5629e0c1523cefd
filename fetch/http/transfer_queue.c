/* SPDX-License-Identifier: MIT */
#include "fetch/http/transfer_queue.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/http/url_text.h"

/* How long the thread sleeps at most when nothing happens. */
enum { WAIT_MILLISECONDS = 1000 };

struct transfer_engine {
    struct transfer_settings settings;
    CURLM *multi;
    pthread_t thread;
    struct transfer *first_waiting; /* the thread's, and so is the next */
    struct transfer *first_running;
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

static bool may_begin(const struct transfer_engine *engine, const struct transfer *transfer)
{
    const char *url = transfer->request->url;
    size_t length = url_server_length(url);
    long count = 0;

    for (const struct transfer *other = engine->first_running; other; other = other->next)
        count += url_server_length(other->request->url) == length &&
                 strncasecmp(other->request->url, url, length) == 0;
    return engine->settings.connections_per_host <= 0 ||
           count < engine->settings.connections_per_host;
}

/* Begins what may begin. To libcurl, from version 8 on, a transfer that it has wait for a
 * connection is one that takes too long to connect; so they wait here. */
static void begin_waiting(struct transfer_engine *engine)
{
    struct transfer **place = &engine->first_waiting;

    while (*place) {
        struct transfer *transfer = *place;
        if (!may_begin(engine, transfer)) {
            place = &transfer->next;
            continue;
        }
        *place = transfer->next;
        if (curl_multi_add_handle(engine->multi, transfer->curl) != CURLM_OK) {
            end(engine, transfer, CURLE_OUT_OF_MEMORY);
            continue;
        }
        transfer->next = engine->first_running;
        engine->first_running = transfer;
    }
}

static void append(struct transfer **list, struct transfer *transfer)
{
    while (*list)
        list = &(*list)->next;
    *list = transfer;
}

/* Takes what has been queued; is there to be no more? */
static bool take_new(struct transfer_engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    append(&engine->first_waiting, engine->first_new);
    bool is_stopping = engine->is_stopping;
    engine->first_new = NULL;
    pthread_mutex_unlock(&engine->mutex);
    begin_waiting(engine);
    return is_stopping;
}

static void forget_running(struct transfer_engine *engine, const struct transfer *transfer)
{
    struct transfer **place = &engine->first_running;

    while (*place != transfer)
        place = &(*place)->next;
    *place = transfer->next;
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
        forget_running(engine, (struct transfer *)(void *)transfer);
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
        begin_waiting(engine);
        curl_multi_poll(engine->multi, NULL, 0, WAIT_MILLISECONDS, NULL);
    }
    return NULL;
}

struct error *transfer_queue_run(struct transfer_engine *engine, struct transfer *transfer)
{
    pthread_mutex_lock(&engine->mutex);
    append(&engine->first_new, transfer);
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
