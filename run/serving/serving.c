/* SPDX-License-Identifier: MIT */
#include "run/serving/serving.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#include "base/system/clock.h"
#include "base/system/file.h"
#include "base/text/counted.h"
#include "run/serving/data_watch.h"
#include "run/serving/http/http_listening.h"
#include "run/serving/http/http_server.h"
#include "run/serving/service.h"

enum {
    CACHE_BYTES = 32 * 1024 * 1024,
    WAIT_MILLISECONDS = 200,
    LOOK_WAITS = 5,   /* between two looks at the files */
    SWEEP_WAITS = 50, /* between two looks at old connections */
    LARGE_BYTES = 4 * 1024 * 1024,
    SPARE_BYTES = 16 * 1024 * 1024, /* that each thread keeps */
    STEP_BYTES = 1024 * 1024,
    REMAKING_MILLISECONDS = 500, /* between two catalogs at least */
    REMAKING_SHARE = 5, /* of the time, one part in so many at most goes into new catalogs */
};

/* A server and what it serves. */
struct serving {
    struct workspace *workspace;
    const struct serving_options *options;
    struct service service;
    struct http_cache *cache;
    struct http_server *server;
    struct data_watch watch;
    struct catalog_options catalog_options;
    bool has_changed;    /* the files have, since the catalog was made */
    int64_t made_at;     /* milliseconds of the monotonic clock: when it was complete */
    int64_t making_time; /* milliseconds: how long that took */
};

static int64_t milliseconds_now(void)
{
    return clock_microseconds() / MICROSECONDS_PER_MILLISECOND;
}

static void look_at_lock(void *context)
{
    struct serving *serving = context;

    if (serving->server)
        dataset_pool_look(&serving->service.datasets);
}

static struct error *make_catalog(struct serving *serving, struct catalog **catalog_ret)
{
    int64_t start = milliseconds_now();

    TRY(catalog_make(&serving->catalog_options, catalog_ret));
    /* What was needed on the way is a lot, and not needed again soon. */
    malloc_trim(0);
    serving->made_at = milliseconds_now();
    serving->making_time = serving->made_at - start;
    log_write(&serving->workspace->log, LOG_DETAIL, "serving %zu %s",
              COUNTED((*catalog_ret)->names.definition_count, "definition"));
    return NULL;
}

/* Serves what there is now, unless it is what was served before. */
static struct error *renew(struct serving *serving)
{
    struct catalog *served = service_hold_catalog(&serving->service);
    struct catalog *catalog = NULL;
    bool is_current = false;
    struct error *error = catalog_check(served, &serving->catalog_options, &is_current);

    catalog_release(served);
    TRY(error);
    if (is_current)
        return NULL;
    TRY(make_catalog(serving, &catalog));
    service_replace_catalog(&serving->service, catalog);
    http_cache_forget(serving->cache);
    return NULL;
}

/* What is served stays when there is nothing better. */
static void look_at_files(struct serving *serving)
{
    serving->has_changed = data_watch_look(&serving->watch) || serving->has_changed;
    if (!serving->has_changed || milliseconds_now() - serving->made_at <
                                     REMAKING_SHARE * serving->making_time + REMAKING_MILLISECONDS)
        return;
    serving->has_changed = false;
    struct error *error = renew(serving);
    if (!error)
        return;
    /* Tried again, though not at once. */
    serving->has_changed = true;
    serving->made_at = milliseconds_now();
    if (error->code != ERROR_INTERRUPTED)
        log_error(&serving->workspace->log, error);
    error_destroy(error);
}

static void wait_for_end(struct serving *serving)
{
    const struct timespec wait = {0, WAIT_MILLISECONDS * 1000000L};

    for (unsigned waits = 1; !atomic_load(&serving->options->interruption->is_requested); waits++) {
        nanosleep(&wait, NULL);
        look_at_lock(serving);
        if (waits % LOOK_WAITS == 0)
            look_at_files(serving);
        if (waits % SWEEP_WAITS == 0)
            http_server_sweep(serving->server);
    }
}

static struct error *start(struct serving *serving, int socket)
{
    const struct http_service service = {service_plan, service_answer, &serving->service};
    const struct http_options options = {
        .socket = socket,
        .workers = serving->workspace->jobs,
        .cache = serving->cache,
        .log = &serving->workspace->log,
        .counters = &serving->service.counters,
    };

    return http_server_start(&options, &service, &serving->server);
}

static struct error *serve(struct serving *serving)
{
    CLEANUP(free_pointer) char *address = NULL;
    struct catalog *catalog;
    int socket;

    TRY(data_watch_init(&serving->watch, serving->workspace));
    TRY(make_catalog(serving, &catalog));
    struct error *error = service_init(&serving->service, serving->workspace,
                                       &serving->options->interruption->is_over, catalog);
    if (!error)
        error = http_cache_create(CACHE_BYTES, &serving->cache);
    if (!error)
        error = http_listen(serving->options->address, &socket, &address);
    if (!error)
        error = start(serving, socket);
    if (!error) {
        log_write(&serving->workspace->log, LOG_NOTICE, "serving http://%s/", address);
        wait_for_end(serving);
    }
    http_server_stop(serving->server);
    http_cache_destroy(serving->cache);
    service_deinit(&serving->service);
    return error;
}

struct error *serving_run(struct workspace *workspace, const struct serving_options *options)
{
    struct serving serving = {
        .workspace = workspace,
        .options = options,
        .catalog_options = {.workspace = workspace,
                            .takes_all = options->takes_all,
                            .is_cancelled = &options->interruption->is_requested,
                            .pause = look_at_lock,
                            .context = &serving},
    };

    /* Each page takes about as much memory as the one before it. To have that given anew by the
     * system takes longer than the page; what is larger by far is not kept. */
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TRIM_THRESHOLD, SPARE_BYTES);
    mallopt(M_TOP_PAD, STEP_BYTES);
    struct error *error = serve(&serving);

    data_watch_deinit(&serving.watch);
    /* To be ended is what it waits for. */
    if (error && error->code == ERROR_INTERRUPTED) {
        error_destroy(error);
        return NULL;
    }
    return error;
}
