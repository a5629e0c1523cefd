/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/keyed_hash.h"

enum { SLOT_COUNT = 4096 };

struct entry {
    char *key;
    struct http_body *body;
    uint64_t asked_at; /* counts questions */
    struct entry *next;
};

struct http_cache {
    pthread_mutex_t mutex;
    size_t bytes_maximum;
    size_t bytes;
    unsigned generation;
    uint64_t questions;
    struct hash_key hash_key;
    struct entry *slots[SLOT_COUNT];
};

struct error *http_cache_create(size_t bytes_maximum, struct http_cache **cache_ret)
{
    struct http_cache *cache = calloc(1, sizeof(*cache));

    if (!cache)
        return error_out_of_memory();
    pthread_mutex_init(&cache->mutex, NULL);
    cache->bytes_maximum = bytes_maximum;
    cache->hash_key = hash_key_of_process();
    *cache_ret = cache;
    return NULL;
}

static size_t bytes_of(const struct entry *entry)
{
    return sizeof(*entry) + strlen(entry->key) + sizeof(*entry->body) + entry->body->length;
}

static void drop(struct http_cache *cache, struct entry **place)
{
    struct entry *entry = *place;

    *place = entry->next;
    cache->bytes -= bytes_of(entry);
    http_body_release(entry->body);
    free(entry->key);
    free(entry);
}

static void drop_all(struct http_cache *cache)
{
    for (size_t i = 0; i < SLOT_COUNT; i++) {
        while (cache->slots[i])
            drop(cache, &cache->slots[i]);
    }
}

void http_cache_destroy(struct http_cache *cache)
{
    if (!cache)
        return;
    drop_all(cache);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

unsigned http_cache_generation(struct http_cache *cache)
{
    pthread_mutex_lock(&cache->mutex);
    unsigned generation = cache->generation;
    pthread_mutex_unlock(&cache->mutex);
    return generation;
}

/* Where the entry of that key is, or would be. */
static struct entry **place_of(struct http_cache *cache, const char *key)
{
    uint64_t hash = keyed_hash(cache->hash_key, key, strlen(key));
    struct entry **place = &cache->slots[hash % SLOT_COUNT];

    while (*place && strcmp((*place)->key, key) != 0)
        place = &(*place)->next;
    return place;
}

struct http_body *http_cache_find(struct http_cache *cache, const char *key)
{
    struct http_body *body = NULL;

    pthread_mutex_lock(&cache->mutex);
    struct entry *entry = *place_of(cache, key);
    if (entry) {
        entry->asked_at = ++cache->questions;
        body = http_body_hold(entry->body);
    }
    pthread_mutex_unlock(&cache->mutex);
    return body;
}

static void drop_oldest(struct http_cache *cache)
{
    struct entry **oldest = NULL;

    for (size_t i = 0; i < SLOT_COUNT; i++) {
        for (struct entry **place = &cache->slots[i]; *place; place = &(*place)->next) {
            if (!oldest || (*place)->asked_at < (*oldest)->asked_at)
                oldest = place;
        }
    }
    if (oldest)
        drop(cache, oldest);
}

static void put(struct http_cache *cache, const char *key, struct http_body *body)
{
    struct entry **place = place_of(cache, key);
    struct entry *entry = *place ? NULL : calloc(1, sizeof(*entry));

    if (!entry)
        return;
    entry->key = strdup(key);
    if (!entry->key) {
        free(entry);
        return;
    }
    entry->body = http_body_hold(body);
    entry->asked_at = ++cache->questions;
    *place = entry;
    cache->bytes += bytes_of(entry);
    while (cache->bytes > cache->bytes_maximum)
        drop_oldest(cache);
}

void http_cache_put(struct http_cache *cache, unsigned generation, const char *key,
                    struct http_body *body)
{
    pthread_mutex_lock(&cache->mutex);
    if (generation == cache->generation && body->length <= cache->bytes_maximum / 4)
        put(cache, key, body);
    pthread_mutex_unlock(&cache->mutex);
}

void http_cache_forget(struct http_cache *cache)
{
    pthread_mutex_lock(&cache->mutex);
    drop_all(cache);
    cache->generation++;
    pthread_mutex_unlock(&cache->mutex);
}
