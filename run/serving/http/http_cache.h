/* SPDX-License-Identifier: MIT */
/* The answers that were asked for last, as far as they fit into so much memory. For any number of
 * threads. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_CACHE_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_CACHE_H

#include "run/serving/http/http_body.h"

struct http_cache;

struct error *http_cache_create(size_t bytes_maximum, struct http_cache **cache_ret) MUST_CHECK;
void http_cache_destroy(struct http_cache *cache);

/* Which state of things answers are of; what is put in under another one is dropped. */
unsigned http_cache_generation(struct http_cache *cache);

/* The body under that key, for the caller to release; NULL: there is none. */
struct http_body *http_cache_find(struct http_cache *cache, const char *key);

/* Keeps the body, too, if there is room; what was not asked for longest goes. */
void http_cache_put(struct http_cache *cache, unsigned generation, const char *key,
                    struct http_body *body);

/* Forgets all: things have changed. */
void http_cache_forget(struct http_cache *cache);

#endif
