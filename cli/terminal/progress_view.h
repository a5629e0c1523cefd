/* SPDX-License-Identifier: MIT */
/*
 * What a terminal shows of many kernels while they are brought into the data set: from how each of
 * them is doing to the lines that say so. Nothing here knows a terminal or a clock.
 *
 *     5.10.0-32-cloud-amd64             done
 *     6.1.0-56-cloud-amd64              reading 0:04
 *     6.12.117+deb13-cloud-amd64        [##########..........]   52%   11.0 MB/s      0:25
 *     6.12.117+deb13-rt-amd64           waiting
 *     1 of 4 done, about 0:31 left, 412.6 MB fetched, 11.0 MB/s
 *
 * Where there are more kernels than lines, those are left out that are not under way.
 */
#ifndef KSTRUCT_CLI_TERMINAL_PROGRESS_VIEW_H
#define KSTRUCT_CLI_TERMINAL_PROGRESS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/terminal/progress_text.h"
#include "run/watch.h"

/* All times are seconds of one clock. */
struct progress_kernel {
    const char *name;
    enum watch_stage stage;
    bool has_news; /* of its transfer: the next three say something */
    uint64_t received_bytes;
    uint64_t total_bytes; /* may be known before: 0 if there is nothing to fetch */
    double bytes_per_second;
    double reading_since; /* of one that is being read or stored */
    double read_seconds;  /* that reading and storing took; 0 if it was not read */
    const char *reason;   /* of one that failed; may be NULL */
};

struct progress_view {
    const struct progress_kernel *kernels;
    size_t kernel_count;
    const struct progress_line *transfers; /* of what is no kernel's package */
    size_t transfer_count;
    unsigned reader_count; /* how many kernels are read at once; 0: they are only fetched */
    double now_seconds;
    double fetching_seconds; /* for how long packages have been arriving */
    uint64_t received_bytes; /* of all packages */
    double bytes_per_second; /* of all packages, of late */
    bool is_reporting;       /* the report is being written ... */
    double reporting_since;
    size_t report_done; /* ... and this much of it is there */
    size_t report_total;
};

/* Appends the lines for a terminal of so many columns and rows, each with its line end. Leaves the
 * last column and row free: terminals differ in what they do there. Returns the number of lines. */
size_t progress_view_format(const struct progress_view *view, unsigned columns, unsigned rows,
                            struct buffer *text);

#endif
