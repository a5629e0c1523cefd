/* SPDX-License-Identifier: MIT */
/* Lines that tell on a terminal how far a transfer is: numbers in, text out. */
#ifndef KSTRUCT_CLI_TERMINAL_PROGRESS_TEXT_H
#define KSTRUCT_CLI_TERMINAL_PROGRESS_TEXT_H

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

struct progress_line {
    const char *label;      /* cut where it is too long */
    unsigned label_columns; /* 0: a third of the terminal's */
    uint64_t received_bytes;
    uint64_t total_bytes; /* or WATCH_BYTES_UNKNOWN */
    double bytes_per_second;
};

/* Appends one line without its end, for a terminal of WIDTH columns, of which it leaves the last
 * one free: terminals differ in what they do there. Label, bar, percent, rate and time left, or
 * fewer of them where there is no room. */
void progress_line_format(const struct progress_line *line, unsigned width, struct buffer *text);

enum { PROGRESS_FIELD = 32 }; /* bytes that what follows is at most, with the NUL */

/* "12.3 MB": at most 8 columns. */
void progress_format_bytes(double bytes, char *ret);

/* "1:23" or "1:02:03", at most 8 columns; "--:--" from a hundred hours on. */
void progress_format_time(double seconds, char *ret);

#endif
