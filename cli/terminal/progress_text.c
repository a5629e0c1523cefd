/* SPDX-License-Identifier: MIT */
#include "cli/terminal/progress_text.h"

#include "run/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/display_text.h"

enum {
    WIDE_COLUMNS = 70, /* from here on there is room for a bar and the rate */
    LABEL_PERCENT = 35,
    LABEL_MAXIMUM = 44,
    GAP = 2, /* between what stands side by side */
    BAR_MINIMUM = 10,
    SECONDS_MAXIMUM = 100 * 3600,
};

/* Shorter spans say little: bytes come in lumps. */
#define SPAN_SECONDS 0.5

/* What came this long ago counts half as much as what comes now. */
#define MEMORY_SECONDS 3.0

void progress_rate_update(struct progress_rate *rate, uint64_t bytes, double now_seconds)
{
    double span = now_seconds - rate->since_seconds;

    if (rate->has_begun && bytes >= rate->since_bytes) {
        if (span < SPAN_SECONDS)
            return;
        double newest = (double)(bytes - rate->since_bytes) / span;
        double weight = rate->is_known ? span / (span + MEMORY_SECONDS) : 1;
        rate->bytes_per_second += (newest - rate->bytes_per_second) * weight;
        rate->is_known = true;
    }
    rate->has_begun = true;
    rate->since_bytes = bytes;
    rate->since_seconds = now_seconds;
}

void progress_format_bytes(double bytes, char *ret)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;

    if (bytes < 1000) {
        snprintf(ret, PROGRESS_FIELD, "%.0f B", bytes);
        return;
    }
    /* 999.95 would be rounded to 1000.0. */
    for (bytes /= 1000; bytes >= 999.95 && unit + 1 < ARRAY_LENGTH(units); unit++)
        bytes /= 1000;
    snprintf(ret, PROGRESS_FIELD, "%.1f %s", bytes, units[unit]);
}

static void format_percent(const struct progress_line *line, char *ret)
{
    double share = line->received_bytes < line->total_bytes
                       ? (double)line->received_bytes / (double)line->total_bytes
                       : 1;
    unsigned percent = (unsigned)(share * 100);

    /* Done is said only when it is. */
    if (percent > 99 && line->received_bytes < line->total_bytes)
        percent = 99;
    snprintf(ret, PROGRESS_FIELD, "%u%%", percent);
}

void progress_format_time(double seconds, char *ret)
{
    if (!(seconds < SECONDS_MAXIMUM)) {
        snprintf(ret, PROGRESS_FIELD, "--:--");
        return;
    }
    unsigned whole = seconds > 0 ? (unsigned)(seconds + 0.5) : 0;
    if (whole >= 3600)
        snprintf(ret, PROGRESS_FIELD, "%u:%02u:%02u", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(ret, PROGRESS_FIELD, "%u:%02u", whole / 60, whole % 60);
}

static void format_time_left(const struct progress_line *line, char *ret)
{
    uint64_t left =
        line->received_bytes < line->total_bytes ? line->total_bytes - line->received_bytes : 0;
    double seconds = line->bytes_per_second > 0 ? (double)left / line->bytes_per_second : 1e9;

    progress_format_time(left > 0 ? seconds : 0, ret);
}

static void append_repeated(struct buffer *text, char character, size_t count)
{
    while (count-- > 0)
        buffer_append_char(text, character);
}

/* A bar of WIDTH columns, or what has come if nobody knows how much there is. */
static void append_bar(const struct progress_line *line, size_t width, struct buffer *text)
{
    char bytes[PROGRESS_FIELD];

    if (line->total_bytes == WATCH_BYTES_UNKNOWN) {
        progress_format_bytes((double)line->received_bytes, bytes);
        buffer_append_format(text, "%*s", (int)width, bytes);
        return;
    }
    double share = line->received_bytes < line->total_bytes
                       ? (double)line->received_bytes / (double)line->total_bytes
                       : 1;
    size_t filled = (size_t)(share * (double)(width - 2));
    buffer_append_char(text, '[');
    append_repeated(text, '#', filled);
    append_repeated(text, '.', width - 2 - filled);
    buffer_append_char(text, ']');
}

static void append_wide(const struct progress_line *line, unsigned columns, struct buffer *text)
{
    unsigned label = line->label_columns ? line->label_columns : columns * LABEL_PERCENT / 100;
    char percent[PROGRESS_FIELD] = "";
    char rate[PROGRESS_FIELD];
    char left[PROGRESS_FIELD] = "";
    char numbers[4 * PROGRESS_FIELD];

    progress_format_bytes(line->bytes_per_second, rate);
    if (line->total_bytes != WATCH_BYTES_UNKNOWN) {
        format_percent(line, percent);
        format_time_left(line, left);
    }
    unsigned length =
        (unsigned)snprintf(numbers, sizeof(numbers), "%4s  %8s/s  %8s", percent, rate, left);
    unsigned maximum = columns - length - 2 * GAP - BAR_MINIMUM;
    if (label > LABEL_MAXIMUM)
        label = LABEL_MAXIMUM;
    if (label > maximum)
        label = maximum;
    display_append_padded(text, line->label, label);
    append_repeated(text, ' ', GAP);
    append_bar(line, columns - label - length - 2 * GAP, text);
    buffer_append_format(text, "  %s", numbers);
}

static void append_narrow(const struct progress_line *line, unsigned columns, struct buffer *text)
{
    char first[PROGRESS_FIELD];
    char left[PROGRESS_FIELD];
    char numbers[3 * PROGRESS_FIELD];

    if (line->total_bytes == WATCH_BYTES_UNKNOWN) {
        progress_format_bytes((double)line->received_bytes, first);
        snprintf(numbers, sizeof(numbers), "%14s", first);
    } else {
        format_percent(line, first);
        format_time_left(line, left);
        snprintf(numbers, sizeof(numbers), "%4s  %8s", first, left);
    }
    size_t length = strlen(numbers);
    if (columns <= length + GAP) {
        display_append(text, line->label, columns);
        return;
    }
    display_append_padded(text, line->label, columns - length - GAP);
    append_repeated(text, ' ', GAP);
    buffer_append_text(text, numbers);
}

void progress_line_format(const struct progress_line *line, unsigned width, struct buffer *text)
{
    unsigned columns = width > 1 ? width - 1 : 1;
    size_t before = text->length;

    if (columns >= WIDE_COLUMNS)
        append_wide(line, columns, text);
    else
        append_narrow(line, columns, text);
    while (text->length > before && text->data[text->length - 1] == ' ')
        text->data[--text->length] = '\0';
}
