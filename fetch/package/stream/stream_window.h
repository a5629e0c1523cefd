/* SPDX-License-Identifier: MIT */
/* The stretch of a package that has arrived and is kept: in an anonymous file, at its place there.
 * Not to be used by two threads at once, but for stream_window_put(). */
#ifndef KSTRUCT_FETCH_PACKAGE_STREAM_WINDOW_H
#define KSTRUCT_FETCH_PACKAGE_STREAM_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct stream_window {
    int file_descriptor; /* others may read it, too */
    uint64_t start_offset;
    uint64_t end_offset; /* after the last byte */
};

/* Begins an empty one at the package's first byte. */
struct error *stream_window_open(struct stream_window *window) MUST_CHECK;

/* Fine for one whose descriptor is -1. */
void stream_window_close(struct stream_window *window);

/* Writes the next bytes, which belong to it once END_OFFSET has been moved. URL is for errors. */
struct error *stream_window_put(const struct stream_window *window, const void *bytes,
                                size_t length, const char *url) MUST_CHECK;

/* Forgets what is before START_OFFSET. */
void stream_window_drop(struct stream_window *window, uint64_t start_offset);

/* Forgets all, and is empty at OFFSET. */
void stream_window_move(struct stream_window *window, uint64_t offset);

#endif
