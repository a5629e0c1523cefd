/* SPDX-License-Identifier: MIT */
#include "cli/terminal/time_left.h"

/* What comes in the first moments says little about the rest. */
#define SPEED_SECONDS 3.0

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static bool is_finished(const struct progress_kernel *kernel)
{
    return kernel->stage == WATCH_DONE || kernel->stage == WATCH_FAILED;
}

/* Is there something of it to come still? */
static bool is_to_fetch(const struct progress_kernel *kernel)
{
    return kernel->stage <= WATCH_FETCHING && kernel->total_bytes > 0;
}

/* The mean of the sizes that are known of what is fetched; 0 if none is. */
static double mean_size(const struct progress_view *view)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < view->kernel_count; i++) {
        uint64_t size = view->kernels[i].total_bytes;
        if (size == 0 || size == WATCH_BYTES_UNKNOWN)
            continue;
        sum += (double)size;
        count++;
    }
    return count > 0 ? sum / (double)count : 0;
}

/* 0 if nothing is left to fetch. */
static double time_to_fetch(const struct progress_view *view)
{
    double mean = mean_size(view);
    double bytes = 0;
    bool is_left = false;

    for (size_t i = 0; i < view->kernel_count; i++) {
        const struct progress_kernel *kernel = &view->kernels[i];
        bool is_known = kernel->total_bytes != WATCH_BYTES_UNKNOWN;
        if (!is_to_fetch(kernel))
            continue;
        if (!is_known && mean == 0)
            return TIME_LEFT_UNKNOWN;
        double size = is_known ? (double)kernel->total_bytes : mean;
        bytes += greater(size - (double)kernel->received_bytes, 0);
        is_left = true;
    }
    if (!is_left)
        return 0;
    if (view->fetching_seconds < SPEED_SECONDS || !(view->bytes_per_second > 0))
        return TIME_LEFT_UNKNOWN;
    return bytes / view->bytes_per_second;
}

/* What reading one took so far; 0 if none was read. */
static double mean_reading(const struct progress_view *view)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < view->kernel_count; i++) {
        sum += view->kernels[i].read_seconds;
        count += view->kernels[i].read_seconds > 0;
    }
    return count > 0 ? sum / (double)count : 0;
}

static double time_to_read(const struct progress_view *view, double mean)
{
    double sum = 0;
    double longest = 0;

    for (size_t i = 0; i < view->kernel_count; i++) {
        const struct progress_kernel *kernel = &view->kernels[i];
        double spent =
            kernel->stage >= WATCH_READING ? view->now_seconds - kernel->reading_since : 0;
        if (is_finished(kernel))
            continue;
        double left = greater(mean - spent, 0);
        sum += left;
        longest = greater(longest, left);
    }
    return greater(sum / view->reader_count, longest);
}

double time_left(const struct progress_view *view)
{
    double fetching = time_to_fetch(view);
    double mean = mean_reading(view);

    if (fetching < 0 || (view->reader_count > 0 && mean == 0))
        return TIME_LEFT_UNKNOWN;
    if (view->reader_count == 0)
        return fetching > 0 ? fetching : TIME_LEFT_UNKNOWN;
    double reading = time_to_read(view, mean);
    double left = greater(reading, fetching > 0 ? fetching + mean : 0);
    return left > 0 ? left : TIME_LEFT_UNKNOWN;
}
