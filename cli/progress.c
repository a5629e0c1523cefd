/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/progress_text.h"

enum {
    INTERVAL_MILLISECONDS = 100,
    LABEL_LENGTH = 256,
    FRAME_MAXIMUM = 1024 * 1024,
    USUAL_COLUMNS = 80,
    USUAL_ROWS = 24,
};

struct shown_transfer {
    char label[LABEL_LENGTH];
    uint64_t received_bytes;
    uint64_t total_bytes;
    struct progress_rate rate;
};

/* Two locks: whoever brings news does not wait for the terminal. */
struct progress {
    struct fetch_observer observer;
    struct log *log;
    log_sink *sink; /* the log's own */
    void *sink_context;
    pthread_t thread;

    pthread_mutex_t state_mutex; /* for the next five, and the transfers' rates */
    pthread_cond_t changed;
    bool is_ending;
    struct shown_transfer *transfers; /* those under way */
    size_t transfer_count;
    size_t wanted_count;
    size_t done_count;
    uint64_t received_bytes; /* of all, also those that have ended */
    struct progress_rate rate;

    pthread_mutex_t output_mutex; /* for what is on the terminal */
    struct buffer drawn;          /* the lines there */
    size_t drawn_lines;
};

static double now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct shown_transfer *find(struct progress *progress, const char *label)
{
    for (size_t i = 0; i < progress->transfer_count; i++) {
        if (strcmp(progress->transfers[i].label, label) == 0)
            return &progress->transfers[i];
    }
    return NULL;
}

/* NULL when there is no memory: then it is not shown. */
static struct shown_transfer *add(struct progress *progress, const char *label, uint64_t received)
{
    struct shown_transfer *grown =
        reallocarray(progress->transfers, progress->transfer_count + 1, sizeof(*grown));

    if (!grown)
        return NULL;
    progress->transfers = grown;
    struct shown_transfer *transfer = &grown[progress->transfer_count++];
    *transfer = (struct shown_transfer){.received_bytes = received};
    memcpy(transfer->label, label, strlen(label) + 1);
    return transfer;
}

static void drop(struct progress *progress, const struct shown_transfer *transfer)
{
    size_t number = (size_t)(transfer - progress->transfers);

    progress->transfer_count--;
    memmove(&progress->transfers[number], &progress->transfers[number + 1],
            (progress->transfer_count - number) * sizeof(*progress->transfers));
}

static void notify(void *context, const struct fetch_progress *news)
{
    struct progress *progress = context;
    char label[LABEL_LENGTH];

    snprintf(label, sizeof(label), "%s", news->kernel_name ? news->kernel_name : news->file_name);
    pthread_mutex_lock(&progress->state_mutex);
    struct shown_transfer *transfer = find(progress, label);
    if (!transfer && !news->has_ended)
        transfer = add(progress, label, news->received_bytes);
    if (transfer) {
        if (news->received_bytes > transfer->received_bytes)
            progress->received_bytes += news->received_bytes - transfer->received_bytes;
        transfer->received_bytes = news->received_bytes;
        transfer->total_bytes = news->total_bytes;
    }
    if (transfer && news->has_ended)
        drop(progress, transfer);
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

static void append_line(const struct progress_line *line, unsigned columns, struct buffer *frame)
{
    progress_line_format(line, columns, frame);
    buffer_append_text(frame, "\033[K\n");
}

static void append_total(struct progress *progress, unsigned columns, struct buffer *frame)
{
    char label[LABEL_LENGTH];

    snprintf(label, sizeof(label), "%zu of %zu packages", progress->done_count,
             progress->wanted_count);
    const struct progress_line line = {
        .label = label,
        .received_bytes = progress->received_bytes,
        .total_bytes = PROGRESS_TOTAL_UNKNOWN,
        .bytes_per_second = progress->rate.bytes_per_second,
    };
    append_line(&line, columns, frame);
}

/* The lines as they should be now; returns how many. More than fit could not be taken away again.
 */
static size_t compose(struct progress *progress, struct buffer *frame)
{
    double now = now_seconds();
    unsigned columns, rows;
    size_t lines = 0;

    find_size(&columns, &rows);
    progress_rate_update(&progress->rate, progress->received_bytes, now);
    for (size_t i = 0; i < progress->transfer_count; i++) {
        struct shown_transfer *transfer = &progress->transfers[i];
        progress_rate_update(&transfer->rate, transfer->received_bytes, now);
        const struct progress_line line = {
            .label = transfer->label,
            .received_bytes = transfer->received_bytes,
            .total_bytes = transfer->total_bytes,
            .bytes_per_second = transfer->rate.bytes_per_second,
        };
        if (lines + 2 < rows) {
            append_line(&line, columns, frame);
            lines++;
        }
    }
    if (lines > 0 && progress->wanted_count > 1 && lines + 1 < rows) {
        append_total(progress, columns, frame);
        lines++;
    }
    return lines;
}

/* To the start of what is drawn. */
static void append_return(const struct progress *progress, struct buffer *text)
{
    if (progress->drawn_lines > 0)
        buffer_append_format(text, "\033[%zuA\r", progress->drawn_lines);
}

/* Draws FRAME in place of what is there, and takes it. */
static void draw(struct progress *progress, struct buffer *frame, size_t lines)
{
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->output_mutex);
    append_return(progress, &text);
    buffer_append(&text, buffer_text(frame), frame->length);
    buffer_append_text(&text, lines < progress->drawn_lines ? "\033[J" : "");
    if (!text.has_failed && text.length > 0) {
        fwrite(text.data, 1, text.length, stderr);
        buffer_deinit(&progress->drawn);
        progress->drawn = *frame;
        progress->drawn_lines = lines;
        buffer_init(frame, FRAME_MAXIMUM);
    }
    pthread_mutex_unlock(&progress->output_mutex);
}

/* A line of the log: above the lines. */
static void put_log_line(void *context, enum log_level level, const char *line)
{
    struct progress *progress = context;
    CLEANUP(buffer_deinit) struct buffer text;

    buffer_init(&text, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->output_mutex);
    append_return(progress, &text);
    if (text.length > 0)
        buffer_append_text(&text, "\033[J");
    fwrite(buffer_text(&text), 1, text.length, stderr);
    progress->sink(progress->sink_context, level, line);
    fwrite(buffer_text(&progress->drawn), 1, progress->drawn.length, stderr);
    pthread_mutex_unlock(&progress->output_mutex);
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
    struct buffer frame;
    size_t lines = 0;

    buffer_init(&frame, FRAME_MAXIMUM);
    pthread_mutex_lock(&progress->state_mutex);
    while (!progress->is_ending) {
        while (!progress->is_ending && lines == 0 && progress->transfer_count == 0)
            pthread_cond_wait(&progress->changed, &progress->state_mutex);
        buffer_clear(&frame);
        lines = progress->is_ending ? 0 : compose(progress, &frame);
        pthread_mutex_unlock(&progress->state_mutex);
        draw(progress, &frame, lines);
        const struct timespec time = next_time();
        pthread_mutex_lock(&progress->state_mutex);
        while (!progress->is_ending &&
               pthread_cond_timedwait(&progress->changed, &progress->state_mutex, &time) == 0)
            continue;
    }
    pthread_mutex_unlock(&progress->state_mutex);
    buffer_clear(&frame);
    draw(progress, &frame, 0);
    buffer_deinit(&frame);
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
    buffer_deinit(&progress->drawn);
    free(progress->transfers);
    free(progress);
}

struct progress *progress_begin(struct log *log)
{
    struct progress *progress = is_fit_terminal(log) ? calloc(1, sizeof(*progress)) : NULL;

    if (!progress)
        return NULL;
    init_locks(progress);
    buffer_init(&progress->drawn, FRAME_MAXIMUM);
    progress->observer = (struct fetch_observer){.notify = notify, .context = progress};
    progress->log = log;
    progress->sink = log->sink;
    progress->sink_context = log->context;
    if (pthread_create(&progress->thread, NULL, run, progress) != 0) {
        destroy(progress);
        return NULL;
    }
    log->sink = put_log_line;
    log->context = progress;
    return progress;
}

void progress_end(struct progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->state_mutex);
    progress->is_ending = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->state_mutex);
    pthread_join(progress->thread, NULL);
    progress->log->sink = progress->sink;
    progress->log->context = progress->sink_context;
    destroy(progress);
}

const struct fetch_observer *progress_observer(const struct progress *progress)
{
    return progress ? &progress->observer : NULL;
}

void progress_expect(struct progress *progress, size_t count)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->state_mutex);
    progress->wanted_count = count;
    pthread_mutex_unlock(&progress->state_mutex);
}

void progress_count(struct progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->state_mutex);
    progress->done_count++;
    pthread_mutex_unlock(&progress->state_mutex);
}
