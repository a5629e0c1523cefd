/* SPDX-License-Identifier: MIT */
#include "cli/terminal/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/system/clock.h"
#include "cli/terminal/progress_text.h"
#include "cli/terminal/progress_view.h"
#include "cli/terminal/terminal_lines.h"

enum {
    INTERVAL_MILLISECONDS = 100,
    LABEL_LENGTH = 256,
    FRAME_MAXIMUM = 1024 * 1024,
    USUAL_COLUMNS = 80,
    USUAL_ROWS = 24,
};

struct kernel_progress {
    char *name;
    char *reason;
    struct progress_kernel shown; /* its name and reason are these */
    struct progress_rate rate;
};

/* Of something that is no kernel's package, such as an index. */
struct other_transfer {
    char label[LABEL_LENGTH];
    uint64_t received_bytes;
    uint64_t total_bytes;
    struct progress_rate rate;
};

/* Two locks: whoever brings news does not wait for the terminal. */
struct progress {
    struct watch watch;
    struct fetch_observer observer;
    struct report_observer report_observer;
    struct log *log;
    struct log_target log_target; /* the log's own */
    pthread_t thread;

    pthread_mutex_t state_mutex; /* for all up to the next lock */
    pthread_cond_t changed;
    bool is_ending;
    struct kernel_progress *kernels; /* in the order in which they are expected */
    size_t kernel_count;
    struct other_transfer *others; /* those under way */
    size_t other_count;
    unsigned reader_count;
    uint64_t received_bytes; /* of all packages, also those that are complete */
    double fetching_since;   /* 0: nothing has come so far */
    struct progress_rate rate;
    bool is_reporting;
    double reporting_since;
    size_t report_done;
    size_t report_total;

    pthread_mutex_t output_mutex; /* for what is on the terminal */
    struct terminal_lines lines;
};

static struct progress *progress_of(struct watch *watch)
{
    return (struct progress *)watch;
}

static double now_seconds(void)
{
    return (double)clock_microseconds() / MICROSECONDS_PER_SECOND;
}

/* The lock is held in what follows. */

static struct kernel_progress *find_kernel(struct progress *progress, const char *name)
{
    for (size_t i = 0; name && i < progress->kernel_count; i++) {
        if (strcmp(progress->kernels[i].name, name) == 0)
            return &progress->kernels[i];
    }
    return NULL;
}

/* NULL when there is no memory: then it is not shown. */
static struct other_transfer *find_or_add_other(struct progress *progress, const char *label)
{
    for (size_t i = 0; i < progress->other_count; i++) {
        if (strcmp(progress->others[i].label, label) == 0)
            return &progress->others[i];
    }
    struct other_transfer *grown =
        reallocarray(progress->others, progress->other_count + 1, sizeof(*grown));
    if (!grown)
        return NULL;
    progress->others = grown;
    struct other_transfer *other = &grown[progress->other_count++];
    *other = (struct other_transfer){.total_bytes = WATCH_BYTES_UNKNOWN};
    snprintf(other->label, sizeof(other->label), "%s", label);
    return other;
}

static void drop_other(struct progress *progress, const struct other_transfer *other)
{
    size_t number = (size_t)(other - progress->others);

    progress->other_count--;
    memmove(&progress->others[number], &progress->others[number + 1],
            (progress->other_count - number) * sizeof(*progress->others));
}

static void note_other(struct progress *progress, const struct fetch_progress *news)
{
    struct other_transfer *other =
        find_or_add_other(progress, news->kernel_name ? news->kernel_name : news->file_name);

    if (!other)
        return;
    other->received_bytes = news->received_bytes;
    other->total_bytes = news->total_bytes;
    if (news->has_ended)
        drop_other(progress, other);
}

/* What an earlier run had of it already is no news. */
static void note_kernel(struct progress *progress, struct kernel_progress *kernel,
                        const struct fetch_progress *news)
{
    struct progress_kernel *shown = &kernel->shown;

    if (progress->fetching_since == 0)
        progress->fetching_since = now_seconds();
    if (shown->has_news && news->received_bytes > shown->received_bytes)
        progress->received_bytes += news->received_bytes - shown->received_bytes;
    shown->has_news = true;
    shown->received_bytes = news->received_bytes;
    shown->total_bytes = news->total_bytes;
    if (shown->stage < WATCH_FETCHING)
        shown->stage = WATCH_FETCHING;
}

static void notify(void *context, const struct fetch_progress *news)
{
    struct progress *progress = context;

    pthread_mutex_lock(&progress->state_mutex);
    struct kernel_progress *kernel = find_kernel(progress, news->kernel_name);
    if (kernel)
        note_kernel(progress, kernel, news);
    else
        note_other(progress, news);
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
}

static void notify_report(void *context, size_t done, size_t total)
{
    struct progress *progress = context;

    pthread_mutex_lock(&progress->state_mutex);
    progress->report_done = done > progress->report_done ? done : progress->report_done;
    progress->report_total = total;
    pthread_mutex_unlock(&progress->state_mutex);
}

static void enter(struct kernel_progress *kernel, enum watch_stage stage)
{
    struct progress_kernel *shown = &kernel->shown;
    double now = now_seconds();

    if (stage == WATCH_READING)
        shown->reading_since = now;
    else if (stage >= WATCH_DONE && shown->reading_since > 0)
        shown->read_seconds = now - shown->reading_since;
    shown->stage = stage;
}

/* One that there is no memory for is not shown. */
static void add_kernel(struct progress *progress, const struct watch_wish *wish)
{
    struct kernel_progress *grown =
        reallocarray(progress->kernels, progress->kernel_count + 1, sizeof(*grown));

    if (!grown)
        return;
    progress->kernels = grown;
    char *name = strdup(wish->kernel_name);
    if (name)
        grown[progress->kernel_count++] = (struct kernel_progress){
            .name = name, .shown = {.name = name, .total_bytes = wish->bytes}};
}

static void expect(struct watch *watch, const struct watch_wish *wishes, size_t count)
{
    struct progress *progress = progress_of(watch);

    pthread_mutex_lock(&progress->state_mutex);
    for (size_t i = 0; i < count; i++)
        add_kernel(progress, &wishes[i]);
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
}

static void set_readers(struct watch *watch, unsigned count)
{
    struct progress *progress = progress_of(watch);

    pthread_mutex_lock(&progress->state_mutex);
    progress->reader_count = count;
    pthread_mutex_unlock(&progress->state_mutex);
}

static void enter_stage(struct watch *watch, const char *kernel_name, enum watch_stage stage)
{
    struct progress *progress = progress_of(watch);

    pthread_mutex_lock(&progress->state_mutex);
    struct kernel_progress *kernel = find_kernel(progress, kernel_name);
    if (kernel)
        enter(kernel, stage);
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
}

static void conclude(struct watch *watch, const char *kernel_name, const struct error *failure)
{
    struct progress *progress = progress_of(watch);

    pthread_mutex_lock(&progress->state_mutex);
    struct kernel_progress *kernel = find_kernel(progress, kernel_name);
    if (kernel && failure && !kernel->reason)
        kernel->shown.reason = kernel->reason = strdup(failure->why);
    if (kernel)
        enter(kernel, failure ? WATCH_FAILED : WATCH_DONE);
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
}

static void find_size(unsigned *columns_ret, unsigned *rows_ret)
{
    struct winsize size = {0};

    ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
    *columns_ret = size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
    *rows_ret = size.ws_row > 0 ? size.ws_row : USUAL_ROWS;
}

static void update_rates(struct progress *progress, double now)
{
    progress_rate_update(&progress->rate, progress->received_bytes, now);
    for (size_t i = 0; i < progress->kernel_count; i++) {
        struct kernel_progress *kernel = &progress->kernels[i];
        if (!kernel->shown.has_news)
            continue;
        progress_rate_update(&kernel->rate, kernel->shown.received_bytes, now);
        kernel->shown.bytes_per_second = kernel->rate.bytes_per_second;
    }
    for (size_t i = 0; i < progress->other_count; i++)
        progress_rate_update(&progress->others[i].rate, progress->others[i].received_bytes, now);
}

static void fill_arrays(const struct progress *progress, struct progress_kernel *kernels,
                        struct progress_line *transfers)
{
    for (size_t i = 0; i < progress->kernel_count; i++)
        kernels[i] = progress->kernels[i].shown;
    for (size_t i = 0; i < progress->other_count; i++) {
        const struct other_transfer *other = &progress->others[i];
        transfers[i] = (struct progress_line){
            .label = other->label,
            .received_bytes = other->received_bytes,
            .total_bytes = other->total_bytes,
            .bytes_per_second = other->rate.bytes_per_second,
        };
    }
}

/* The lines as they should be now; returns how many. */
static size_t compose(struct progress *progress, unsigned columns, unsigned rows,
                      struct buffer *frame)
{
    struct progress_kernel *kernels = calloc(progress->kernel_count + 1, sizeof(*kernels));
    struct progress_line *transfers = calloc(progress->other_count + 1, sizeof(*transfers));
    double now = now_seconds();
    size_t count = 0;

    if (kernels && transfers) {
        update_rates(progress, now);
        fill_arrays(progress, kernels, transfers);
        const struct progress_view view = {
            .kernels = kernels,
            .kernel_count = progress->kernel_count,
            .transfers = transfers,
            .transfer_count = progress->other_count,
            .reader_count = progress->reader_count,
            .now_seconds = now,
            .fetching_seconds = progress->fetching_since > 0 ? now - progress->fetching_since : 0,
            .received_bytes = progress->received_bytes,
            .bytes_per_second = progress->rate.bytes_per_second,
            .is_reporting = progress->is_reporting,
            .reporting_since = progress->reporting_since,
            .report_done = progress->report_done,
            .report_total = progress->report_total,
        };
        count = progress_view_format(&view, columns, rows, frame);
    }
    free(kernels);
    free(transfers);
    return count;
}

/* Everything that changes on the terminal at once goes there at once, so that nothing flickers. */
static void put(const struct buffer *output)
{
    if (!output->has_failed && output->length > 0)
        fwrite(output->data, 1, output->length, stderr);
}

static void draw(struct progress *progress, const struct buffer *frame, size_t count,
                 unsigned columns, unsigned rows)
{
    CLEANUP(buffer_deinit) struct buffer output;

    buffer_init(&output, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->output_mutex);
    terminal_lines_draw(&progress->lines, buffer_text(frame), count, columns, rows, &output);
    put(&output);
    pthread_mutex_unlock(&progress->output_mutex);
}

/* A line of the log: where the lines were, which are shown again below it. */
static void put_log_line(void *context, enum log_level level, const char *line)
{
    struct progress *progress = context;
    CLEANUP(buffer_deinit) struct buffer output;
    unsigned columns, rows;

    buffer_init(&output, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->output_mutex);
    find_size(&columns, &rows);
    terminal_lines_erase(&progress->lines, columns, rows, &output);
    put(&output);
    progress->log_target.sink(progress->log_target.context, level, line);
    buffer_clear(&output);
    terminal_lines_restore(&progress->lines, columns, rows, &output);
    put(&output);
    pthread_mutex_unlock(&progress->output_mutex);
}

static bool has_content(const struct progress *progress)
{
    return progress->kernel_count > 0 || progress->other_count > 0 || progress->is_reporting;
}

/* The time INTERVAL from now. */
static struct timespec next_time(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += INTERVAL_MILLISECONDS * 1000000L;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static void *run(void *context)
{
    struct progress *progress = context;
    CLEANUP(buffer_deinit) struct buffer frame;
    unsigned columns, rows;
    size_t count = 0;

    buffer_init(&frame, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->state_mutex);
    while (!progress->is_ending) {
        while (!progress->is_ending && count == 0 && !has_content(progress))
            pthread_cond_wait(&progress->changed, &progress->state_mutex);
        find_size(&columns, &rows);
        buffer_clear(&frame);
        count = progress->is_ending ? 0 : compose(progress, columns, rows, &frame);
        pthread_mutex_unlock(&progress->state_mutex);
        draw(progress, &frame, count, columns, rows);
        const struct timespec time = next_time();
        pthread_mutex_lock(&progress->state_mutex);
        while (!progress->is_ending &&
               pthread_cond_timedwait(&progress->changed, &progress->state_mutex, &time) == 0)
            continue;
    }
    pthread_mutex_unlock(&progress->state_mutex);
    return NULL;
}

static bool is_fit_terminal(const struct log *log)
{
    const char *kind = getenv("TERM");

    return log->level >= LOG_NOTICE && isatty(STDERR_FILENO) && kind && kind[0] != '\0' &&
           strcmp(kind, "dumb") != 0;
}

static void init_locks(struct progress *progress)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&progress->state_mutex, NULL);
    pthread_mutex_init(&progress->output_mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void destroy(struct progress *progress)
{
    pthread_cond_destroy(&progress->changed);
    pthread_mutex_destroy(&progress->state_mutex);
    pthread_mutex_destroy(&progress->output_mutex);
    terminal_lines_deinit(&progress->lines);
    for (size_t i = 0; i < progress->kernel_count; i++) {
        free(progress->kernels[i].name);
        free(progress->kernels[i].reason);
    }
    free(progress->kernels);
    free(progress->others);
    free(progress);
}

/* Lines of the log come above the others until these are gone. */
static void end(struct watch *watch)
{
    struct progress *progress = progress_of(watch);
    const struct buffer nothing = {0};
    struct log_target own;
    unsigned columns, rows;

    pthread_mutex_lock(&progress->state_mutex);
    progress->is_ending = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
    pthread_join(progress->thread, NULL);
    find_size(&columns, &rows);
    draw(progress, &nothing, 0, columns, rows);
    log_redirect(progress->log, progress->log_target, &own);
    destroy(progress);
}

static const struct fetch_observer *observe_transfers(struct watch *watch)
{
    return &progress_of(watch)->observer;
}

static const struct report_observer *observe_report(struct watch *watch)
{
    struct progress *progress = progress_of(watch);

    pthread_mutex_lock(&progress->state_mutex);
    progress->is_reporting = true;
    progress->reporting_since = now_seconds();
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
    return &progress->report_observer;
}

static const struct watch_operations operations = {
    .end = end,
    .transfers = observe_transfers,
    .report = observe_report,
    .expect = expect,
    .set_readers = set_readers,
    .enter = enter_stage,
    .conclude = conclude,
};

struct watch *progress_begin(struct log *log)
{
    struct progress *progress = is_fit_terminal(log) ? calloc(1, sizeof(*progress)) : NULL;

    if (!progress)
        return NULL;
    progress->watch.operations = &operations;
    init_locks(progress);
    terminal_lines_init(&progress->lines);
    progress->observer = (struct fetch_observer){.notify = notify, .context = progress};
    progress->report_observer =
        (struct report_observer){.notify = notify_report, .context = progress};
    progress->log = log;
    if (pthread_create(&progress->thread, NULL, run, progress) != 0) {
        destroy(progress);
        return NULL;
    }
    log_redirect(log, (struct log_target){put_log_line, progress}, &progress->log_target);
    return &progress->watch;
}
