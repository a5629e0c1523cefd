/* SPDX-License-Identifier: MIT */
#include "fetch/source/ddebs/ddebs_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/source/ddebs/ddebs_suite.h"

/* A suite's packages of one architecture. Never moves, for others hold pointers to its index. */
struct architecture {
    struct architecture *next;
    char *name;
    struct packages_index index;
    struct error *failure;
};

/* What is known of a suite; the mutex is held while it is read. */
struct suite_state {
    pthread_mutex_t mutex;
    char *name;
    bool is_read;
    struct error *failure; /* why its InRelease could not be read */
    struct ddebs_suite suite;
    struct architecture *architectures;
};

struct ddebs_cache {
    size_t count;
    struct suite_state *suites;
};

static void destroy_architectures(struct architecture *architecture)
{
    while (architecture) {
        struct architecture *next = architecture->next;

        packages_index_deinit(&architecture->index);
        error_destroy(architecture->failure);
        free(architecture->name);
        free(architecture);
        architecture = next;
    }
}

void ddebs_cache_destroy(struct ddebs_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < cache->count; i++) {
        struct suite_state *state = &cache->suites[i];

        destroy_architectures(state->architectures);
        ddebs_suite_deinit(&state->suite);
        error_destroy(state->failure);
        free(state->name);
        pthread_mutex_destroy(&state->mutex);
    }
    free(cache->suites);
    free(cache);
}

void ddebs_cache_destroy_pointer(struct ddebs_cache **cache)
{
    ddebs_cache_destroy(*cache);
}

static struct error *add_suite(struct ddebs_cache *cache, const char *name, size_t length)
{
    struct suite_state *grown =
        reallocarray(cache->suites, cache->count + 1, sizeof(*cache->suites));

    if (!grown)
        return error_out_of_memory();
    cache->suites = grown;
    struct suite_state *state = &grown[cache->count];
    *state = (struct suite_state){.name = strndup(name, length)};
    if (!state->name)
        return error_out_of_memory();
    state->suite.name = state->name;
    cache->count++;
    return NULL;
}

struct error *ddebs_cache_create(const char *suites, struct ddebs_cache **ret)
{
    static const char separators[] = ", \t\n";
    CLEANUP(ddebs_cache_destroy_pointer) struct ddebs_cache *cache = calloc(1, sizeof(*cache));

    if (!cache)
        return error_out_of_memory();
    while (*(suites += strspn(suites, separators))) {
        size_t length = strcspn(suites, separators);
        TRY(add_suite(cache, suites, length));
        suites += length;
    }
    /* A mutex must not move. */
    for (size_t i = 0; i < cache->count; i++)
        pthread_mutex_init(&cache->suites[i].mutex, NULL);
    *ret = cache;
    cache = NULL;
    return NULL;
}

struct error *ddebs_cache_of(const struct fetch_settings *settings, struct ddebs_cache **own_ret,
                             struct ddebs_cache **ret)
{
    *ret = settings->ddebs_cache;
    if (*ret)
        return NULL;
    TRY(ddebs_cache_create(settings->ddebs_suites, own_ret));
    *ret = *own_ret;
    return NULL;
}

size_t ddebs_cache_suite_count(const struct ddebs_cache *cache)
{
    return cache->count;
}

const char *ddebs_cache_suite_name(const struct ddebs_cache *cache, size_t suite)
{
    return cache->suites[suite].name;
}

static struct error *read_release(struct suite_state *state, const struct fetch_settings *settings)
{
    if (!state->is_read)
        state->failure = ddebs_suite_read_release(settings, &state->suite);
    state->is_read = true;
    return error_copy(state->failure);
}

static struct architecture *find_architecture(const struct suite_state *state, const char *name)
{
    struct architecture *architecture = state->architectures;

    while (architecture && strcmp(architecture->name, name) != 0)
        architecture = architecture->next;
    return architecture;
}

static struct error *add_architecture(struct suite_state *state,
                                      const struct fetch_settings *settings, const char *name,
                                      struct architecture **ret)
{
    struct architecture *architecture = calloc(1, sizeof(*architecture));
    char *own_name = strdup(name);

    if (!architecture || !own_name) {
        free(architecture);
        free(own_name);
        return error_out_of_memory();
    }
    architecture->name = own_name;
    packages_index_init(&architecture->index);
    architecture->failure =
        ddebs_suite_read_packages(settings, &state->suite, name, &architecture->index);
    architecture->next = state->architectures;
    state->architectures = architecture;
    *ret = architecture;
    return NULL;
}

static struct error *read_architecture(struct suite_state *state,
                                       const struct fetch_settings *settings, const char *name,
                                       const struct packages_index **ret)
{
    struct architecture *architecture = find_architecture(state, name);

    *ret = NULL;
    TRY(read_release(state, settings));
    if (!architecture && !state->suite.is_there)
        return NULL;
    if (!architecture)
        TRY(add_architecture(state, settings, name, &architecture));
    *ret = &architecture->index;
    return error_copy(architecture->failure);
}

struct error *ddebs_cache_read(struct ddebs_cache *cache, const struct fetch_settings *settings,
                               size_t suite, const char *architecture,
                               const struct packages_index **ret)
{
    struct suite_state *state = &cache->suites[suite];

    pthread_mutex_lock(&state->mutex);
    struct error *error = read_architecture(state, settings, architecture, ret);
    pthread_mutex_unlock(&state->mutex);
    return error;
}

struct error *ddebs_cache_architectures(struct ddebs_cache *cache,
                                        const struct fetch_settings *settings, size_t suite,
                                        char **ret)
{
    struct suite_state *state = &cache->suites[suite];
    char *copy = NULL;

    pthread_mutex_lock(&state->mutex);
    struct error *error = read_release(state, settings);
    const struct control_text names = state->suite.release.architectures;
    if (!error) {
        copy = names.bytes ? strndup(names.bytes, names.length) : strdup("");
        error = copy ? NULL : error_out_of_memory();
    }
    pthread_mutex_unlock(&state->mutex);
    if (!error)
        *ret = copy;
    return error;
}
