/* SPDX-License-Identifier: MIT */
#include "cli/terminal/progress_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/terminal/display_text.h"
#include "cli/terminal/time_left.h"

enum {
    LABEL_MAXIMUM = 44,
    GAP = 2,
    TEXT_MAXIMUM = 1024,
};

struct columns {
    const struct progress_view *view;
    unsigned columns; /* that may be used */
    unsigned width;   /* the terminal's */
    unsigned label_columns;
    size_t room; /* lines that are left */
    size_t count;
    struct buffer *text;
};

static bool is_at_work(const struct progress_kernel *kernel)
{
    return kernel->stage == WATCH_FETCHING || kernel->stage == WATCH_READING ||
           kernel->stage == WATCH_STORING;
}

/* As wide as the longest name, but no wider than half the terminal. */
static unsigned find_label_columns(const struct progress_view *view, unsigned columns)
{
    size_t longest = 0;

    for (size_t i = 0; i < view->kernel_count; i++) {
        size_t needed = display_columns(view->kernels[i].name);
        longest = needed > longest ? needed : longest;
    }
    size_t maximum = columns / 2 < LABEL_MAXIMUM ? columns / 2 : LABEL_MAXIMUM;
    return (unsigned)(longest < maximum ? longest : maximum);
}

/* Is there one more line to write to? */
static bool begin_line(struct columns *layout)
{
    if (layout->room == 0)
        return false;
    layout->room--;
    layout->count++;
    return true;
}

static void append_bar(struct columns *layout, const struct progress_line *line)
{
    if (!begin_line(layout))
        return;
    progress_line_format(line, layout->width, layout->text);
    buffer_append_char(layout->text, '\n');
}

static void describe_stage(const struct progress_view *view, const struct progress_kernel *kernel,
                           char *ret)
{
    static const char *const words[WATCH_STAGE_COUNT] = {
        [WATCH_WAITING] = "waiting",
        [WATCH_FETCHING] = "fetching",
        [WATCH_FETCHED] = "waiting to be read",
        [WATCH_READING] = "reading",
        [WATCH_STORING] = "storing",
        [WATCH_DONE] = "done",
        [WATCH_FAILED] = "failed",
    };
    char time[PROGRESS_FIELD];

    if (kernel->stage == WATCH_READING) {
        progress_format_time(view->now_seconds - kernel->reading_since, time);
        snprintf(ret, TEXT_MAXIMUM, "reading %s", time);
    } else if (kernel->stage == WATCH_FAILED && kernel->reason) {
        snprintf(ret, TEXT_MAXIMUM, "failed: %s", kernel->reason);
    } else {
        snprintf(ret, TEXT_MAXIMUM, "%s", words[kernel->stage]);
    }
}

static bool is_arriving(const struct progress_kernel *kernel)
{
    return kernel->stage == WATCH_FETCHING && kernel->has_news;
}

static void append_kernel(struct columns *layout, const struct progress_kernel *kernel)
{
    const struct progress_line bar = {
        .label = kernel->name,
        .label_columns = layout->label_columns,
        .received_bytes = kernel->received_bytes,
        .total_bytes = kernel->total_bytes,
        .bytes_per_second = kernel->bytes_per_second,
    };
    char stage[TEXT_MAXIMUM];

    if (is_arriving(kernel)) {
        append_bar(layout, &bar);
        return;
    }
    if (!begin_line(layout))
        return;
    describe_stage(layout->view, kernel, stage);
    display_append_padded(layout->text, kernel->name, layout->label_columns);
    if (layout->columns > layout->label_columns + GAP) {
        buffer_append_text(layout->text, "  ");
        display_append(layout->text, stage, layout->columns - layout->label_columns - GAP);
    }
    buffer_append_char(layout->text, '\n');
}

/* Those that are under way, and those that are next; what is done and what waits is in the summary.
 */
static void append_some_kernels(struct columns *layout)
{
    const struct progress_view *view = layout->view;

    for (size_t i = 0; i < view->kernel_count; i++) {
        if (is_at_work(&view->kernels[i]))
            append_kernel(layout, &view->kernels[i]);
    }
    for (size_t i = 0; i < view->kernel_count; i++) {
        if (view->kernels[i].stage == WATCH_FETCHED)
            append_kernel(layout, &view->kernels[i]);
    }
}

static size_t count_in_stage(const struct progress_view *view, enum watch_stage stage)
{
    size_t count = 0;

    for (size_t i = 0; i < view->kernel_count; i++)
        count += view->kernels[i].stage == stage;
    return count;
}

/* A part of the summary, if there is room for all of it. */
static void append_part(const struct columns *layout, size_t *used, const char *part)
{
    size_t needed = display_columns(part) + (*used > 0 ? 2 : 0);

    if (*used + needed > layout->columns)
        return;
    buffer_append_text(layout->text, *used > 0 ? ", " : "");
    buffer_append_text(layout->text, part);
    *used += needed;
}

static void append_count(const struct columns *layout, size_t *used, size_t count, const char *what)
{
    char part[TEXT_MAXIMUM];

    if (count == 0)
        return;
    snprintf(part, sizeof(part), "%zu %s", count, what);
    append_part(layout, used, part);
}

static void append_time_left(const struct columns *layout, size_t *used)
{
    double left = time_left(layout->view);
    char time[PROGRESS_FIELD];
    char part[2 * PROGRESS_FIELD];

    if (left < 0)
        return;
    progress_format_time(left, time);
    snprintf(part, sizeof(part), "about %s left", time);
    append_part(layout, used, part);
}

/* Is a package on its way? The rate is of the last ones that were, otherwise. */
static bool is_transferring(const struct progress_view *view)
{
    for (size_t i = 0; i < view->kernel_count; i++) {
        if (is_arriving(&view->kernels[i]))
            return true;
    }
    return false;
}

static void append_bytes(const struct columns *layout, size_t *used)
{
    char number[PROGRESS_FIELD];
    char part[2 * PROGRESS_FIELD];

    if (layout->view->received_bytes == 0)
        return;
    progress_format_bytes((double)layout->view->received_bytes, number);
    snprintf(part, sizeof(part), "%s fetched", number);
    append_part(layout, used, part);
    if (!(layout->view->bytes_per_second > 0) || !is_transferring(layout->view))
        return;
    progress_format_bytes(layout->view->bytes_per_second, number);
    snprintf(part, sizeof(part), "%s/s", number);
    append_part(layout, used, part);
}

/* What matters most comes first: the end of it may not fit. */
static void append_summary(struct columns *layout)
{
    const struct progress_view *view = layout->view;
    char part[TEXT_MAXIMUM];
    size_t used = 0;

    if (!begin_line(layout))
        return;
    snprintf(part, sizeof(part), "%zu of %zu done", count_in_stage(view, WATCH_DONE),
             view->kernel_count);
    used = display_append(layout->text, part, layout->columns);
    append_count(layout, &used, count_in_stage(view, WATCH_FAILED), "failed");
    append_time_left(layout, &used);
    append_bytes(layout, &used);
    append_count(layout, &used, count_in_stage(view, WATCH_WAITING), "waiting");
    buffer_append_char(layout->text, '\n');
}

static void append_report(struct columns *layout)
{
    const struct progress_view *view = layout->view;
    char time[PROGRESS_FIELD];
    char line[TEXT_MAXIMUM];

    if (!begin_line(layout))
        return;
    progress_format_time(view->now_seconds - view->reporting_since, time);
    if (view->report_total == 0)
        snprintf(line, sizeof(line), "report: comparing it with the data set, %s", time);
    else
        snprintf(line, sizeof(line), "report: writing files, %zu%%, %s",
                 100 * view->report_done / view->report_total, time);
    display_append(layout->text, line, layout->columns);
    buffer_append_char(layout->text, '\n');
}

size_t progress_view_format(const struct progress_view *view, unsigned columns, unsigned rows,
                            struct buffer *text)
{
    size_t available = rows > 1 ? rows - 1 : 0;
    size_t kept = (view->kernel_count > 1) + view->is_reporting; /* for what comes last */
    struct columns layout = {
        .view = view,
        .columns = columns > 1 ? columns - 1 : 1,
        .width = columns,
        .room = available > kept ? available - kept : 0,
        .text = text,
    };

    layout.label_columns = find_label_columns(view, layout.columns);
    for (size_t i = 0; i < view->transfer_count; i++)
        append_bar(&layout, &view->transfers[i]);
    if (view->kernel_count <= layout.room) {
        for (size_t i = 0; i < view->kernel_count; i++)
            append_kernel(&layout, &view->kernels[i]);
    } else {
        append_some_kernels(&layout);
    }
    layout.room = available - layout.count;
    if (view->kernel_count > 1)
        append_summary(&layout);
    if (view->is_reporting)
        append_report(&layout);
    return layout.count;
}
