/* SPDX-License-Identifier: MIT */
#include "run/update/pipeline.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/system/condition.h"
#include "base/system/file.h"
#include "base/system/sandbox.h"
#include "base/text/counted.h"
#include "run/child/kernel_child.h"
#include "run/child/kernel_input.h"
#include "run/child/reader_plan.h"

enum item_state {
    ITEM_LISTED,
    ITEM_FETCHING,
    ITEM_FETCHED,
    ITEM_READING,
    ITEM_DONE, /* read or failed, and not taken yet */
    ITEM_TAKEN,
};

struct item {
    enum item_state state;
    const struct kernel_entry *entry;
    struct fetched_package package;
    struct kernel_layouts layouts;
    bool has_layouts;
    struct error *failure;
};

struct line {
    const struct pipeline *pipeline;
    struct item *items;
    struct reader_plan readers;
    pthread_mutex_t mutex; /* for all below and the items' states */
    pthread_cond_t changed;
    size_t next_to_fetch;
    size_t waiting_count; /* fetched or being fetched, and not being read yet */
    size_t unread_count;  /* not done yet */
    bool is_ending;
};

/* What people see of it; how it has fared in the end tells whoever takes it. */
static void show(const struct line *line, const struct item *item)
{
    static const enum watch_stage stages[] = {
        [ITEM_LISTED] = WATCH_WAITING,  [ITEM_FETCHING] = WATCH_FETCHING,
        [ITEM_FETCHED] = WATCH_FETCHED, [ITEM_READING] = WATCH_READING,
        [ITEM_DONE] = WATCH_STORING,    [ITEM_TAKEN] = WATCH_STORING,
    };

    if (!item->failure)
        watch_enter(line->pipeline->fetching->watch, item->entry->name.text, stages[item->state]);
}

static void set_state(struct line *line, struct item *item, enum item_state state)
{
    item->state = state;
    show(line, item);
    if (state == ITEM_DONE)
        line->unread_count--;
    pthread_cond_broadcast(&line->changed);
}

static bool is_ending(const struct line *line)
{
    return line->is_ending || atomic_load(&line->pipeline->interruption->is_over);
}

/* The next one to fetch, in the list's order; NULL: there is none, or no more is to be done. */
static struct item *next_to_fetch(struct line *line)
{
    struct item *item = NULL;

    pthread_mutex_lock(&line->mutex);
    while (!is_ending(line) && line->next_to_fetch < line->pipeline->count &&
           line->waiting_count > line->readers.count)
        condition_wait_briefly(&line->changed, &line->mutex);
    if (!is_ending(line) && line->next_to_fetch < line->pipeline->count) {
        item = &line->items[line->next_to_fetch++];
        line->waiting_count++;
        set_state(line, item, ITEM_FETCHING);
    }
    pthread_mutex_unlock(&line->mutex);
    return item;
}

static void *fetch(void *context)
{
    struct line *line = context;
    struct item *item;

    while ((item = next_to_fetch(line))) {
        item->failure = fetching_run(line->pipeline->fetching, item->entry, &item->package);
        pthread_mutex_lock(&line->mutex);
        if (item->failure)
            line->waiting_count--;
        set_state(line, item, item->failure ? ITEM_DONE : ITEM_FETCHED);
        pthread_mutex_unlock(&line->mutex);
    }
    return NULL;
}

static struct item *find_in_state(const struct line *line, enum item_state state)
{
    for (size_t i = 0; i < line->pipeline->count; i++) {
        if (line->items[i].state == state)
            return &line->items[i];
    }
    return NULL;
}

/* Twice its share: a reader does not use all of it all the time, and the last one, which begins
 * while others are still at work, is alone in the end. */
static unsigned jobs_of_reader(unsigned jobs, size_t reader_count)
{
    size_t wanted = 2 * (size_t)jobs / reader_count;

    if (wanted == 0)
        return 1;
    return wanted < jobs ? (unsigned)wanted : jobs;
}

/* The next one to read and with how many threads; NULL: there will be none. */
static struct item *next_to_read(struct line *line, unsigned *jobs_ret)
{
    struct item *item = NULL;

    pthread_mutex_lock(&line->mutex);
    while (!is_ending(line) && line->unread_count > 0 &&
           !(item = find_in_state(line, ITEM_FETCHED)))
        condition_wait_briefly(&line->changed, &line->mutex);
    if (item) {
        size_t readers =
            line->unread_count < line->readers.count ? line->unread_count : line->readers.count;
        *jobs_ret = jobs_of_reader(line->pipeline->workspace->jobs, readers);
        line->waiting_count--;
        set_state(line, item, ITEM_READING);
    }
    pthread_mutex_unlock(&line->mutex);
    return item;
}

/* Reads the package's bytes that were verified: it stays open meanwhile. */
static struct error *read_package(const struct line *line, struct item *item, unsigned jobs)
{
    CLEANUP(close_pointer) int file_descriptor = -1;

    TRY(fetched_package_open(&item->package, &file_descriptor));
    const struct kernel_child child = {
        .workspace = line->pipeline->workspace,
        .form = kernel_form_of_settings(&line->pipeline->workspace->settings),
        .file_descriptor = file_descriptor,
        .path = item->package.path,
        .jobs = jobs,
        .memory_bytes = line->readers.memory_bytes,
        .is_cancelled = &line->pipeline->interruption->is_over,
    };
    return kernel_child_read(&child, &item->layouts);
}

static void *read_kernels(void *context)
{
    struct line *line = context;
    struct item *item;
    unsigned jobs = 1;

    while ((item = next_to_read(line, &jobs))) {
        item->failure = read_package(line, item, jobs);
        pthread_mutex_lock(&line->mutex);
        item->has_layouts = !item->failure;
        set_state(line, item, ITEM_DONE);
        pthread_mutex_unlock(&line->mutex);
    }
    return NULL;
}

static void item_deinit(struct item *item)
{
    fetched_package_deinit(&item->package);
    if (item->has_layouts)
        kernel_layouts_deinit(&item->layouts);
    item->has_layouts = false;
    error_destroy(item->failure);
    item->failure = NULL;
}

static struct error *take(struct line *line, struct item *item)
{
    const struct pipeline *pipeline = line->pipeline;
    const struct pipeline_result result = {
        .entry = item->entry,
        .failure = item->failure,
        .package = &item->package,
        .layouts = item->has_layouts ? &item->layouts : NULL,
    };
    struct error *error = pipeline->take(pipeline->context, &result);

    item_deinit(item);
    return error;
}

static void end_all(struct line *line)
{
    pthread_mutex_lock(&line->mutex);
    line->is_ending = true;
    pthread_cond_broadcast(&line->changed);
    pthread_mutex_unlock(&line->mutex);
}

/* Takes what is done until all is, or one taking fails, or no more is wanted. */
static struct error *take_all(struct line *line)
{
    const struct pipeline *pipeline = line->pipeline;
    struct error *error = pipeline->prepare ? pipeline->prepare(pipeline->context) : NULL;

    for (size_t taken = 0; taken < pipeline->count && !error; taken++) {
        struct item *item = NULL;
        pthread_mutex_lock(&line->mutex);
        while (!is_ending(line) && !(item = find_in_state(line, ITEM_DONE)))
            condition_wait_briefly(&line->changed, &line->mutex);
        if (item)
            set_state(line, item, ITEM_TAKEN);
        pthread_mutex_unlock(&line->mutex);
        error = item ? take(line, item) : interruption_check(pipeline->interruption);
        if (!item)
            break;
    }
    /* Nobody would take what is on its way. */
    if (error)
        interruption_give_up(pipeline->interruption);
    end_all(line);
    return error;
}

/* Runs the threads. Where one cannot be started, all end. */
static struct error *run(struct line *line, unsigned fetcher_count)
{
    unsigned wanted = fetcher_count + line->readers.count;
    pthread_t *threads = calloc(wanted, sizeof(*threads));
    unsigned count = 0;
    int reason = 0;

    if (!threads)
        return error_out_of_memory();
    for (unsigned i = 0; i < wanted && reason == 0; i++) {
        reason = pthread_create(&threads[i], NULL, i < fetcher_count ? fetch : read_kernels, line);
        count += reason == 0;
    }
    if (reason != 0)
        end_all(line);
    struct error *error = take_all(line);
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    if (reason != 0 && !error)
        error = error_create_errno(reason, NULL, "cannot start a thread");
    return error;
}

static struct reader_plan plan_and_log(struct workspace *workspace)
{
    struct reader_plan plan = reader_plan_of_settings(&workspace->settings, workspace->jobs);

    log_write(&workspace->log, LOG_DETAIL,
              "reads up to %u %s at once, each with up to %" PRIu64 " MiB",
              COUNTED(plan.count, "kernel"), plan.memory_bytes >> 20);
    if (sandbox_missing())
        log_write(&workspace->log, LOG_DETAIL,
                  "this machine has no %s: the processes that read kernels are shut off less",
                  sandbox_missing());
    return plan;
}

struct error *pipeline_run(const struct pipeline *pipeline)
{
    struct line line = {
        .pipeline = pipeline,
        .readers = plan_and_log(pipeline->workspace),
        .unread_count = pipeline->count,
    };

    line.items = calloc(pipeline->count + 1, sizeof(*line.items));
    if (!line.items)
        return error_out_of_memory();
    for (size_t i = 0; i < pipeline->count; i++)
        line.items[i].entry = &pipeline->list->entries[pipeline->indexes[i]];
    pthread_mutex_init(&line.mutex, NULL);
    pthread_cond_init(&line.changed, NULL);
    watch_set_readers(pipeline->fetching->watch, line.readers.count);
    struct error *error = run(&line, pipeline->workspace->settings.transfers);
    pthread_cond_destroy(&line.changed);
    pthread_mutex_destroy(&line.mutex);
    for (size_t i = 0; i < pipeline->count; i++)
        item_deinit(&line.items[i]);
    free(line.items);
    return error;
}
