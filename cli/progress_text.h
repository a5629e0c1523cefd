/* SPDX-License-Identifier: MIT */
/* The lines that tell on a terminal how far transfers are: numbers in, text out. */
#ifndef KSTRUCT_CLI_PROGRESS_TEXT_H
#define KSTRUCT_CLI_PROGRESS_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* How fast bytes have been coming of late. Start from {0}. */
struct progress_rate {
    double bytes_per_second; /* 0 as long as it is not known */
    double since_seconds;    /* what came after this is not in it yet ... */
    uint64_t since_bytes;
    bool has_begun;
    bool is_known;
};

/* Tells that there were so many bytes at that time, on any clock that does not go backwards. Fewer
 * bytes than before mean that all begins anew. */
void progress_rate_update(struct progress_rate *rate, uint64_t bytes, double now_seconds);

#define PROGRESS_TOTAL_UNKNOWN UINT64_MAX

struct progress_line {
    const char *label; /* ASCII; cut where it is too long */
    uint64_t received_bytes;
    uint64_t total_bytes; /* or PROGRESS_TOTAL_UNKNOWN */
    double bytes_per_second;
};

/* Appends one line without its end, for a terminal of WIDTH columns, of which it leaves the last
 * one free: terminals differ in what they do there. Label, bar, percent, rate and time left, or
 * fewer of them where there is no room. */
void progress_line_format(const struct progress_line *line, unsigned width, struct buffer *text);

#endif
