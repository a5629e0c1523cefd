/* SPDX-License-Identifier: MIT */
/*
 * A package that arrives in one process and is read by another: the reader says over a pipe which
 * part of the package it needs, and is told over another when that is there.
 */
#ifndef KSTRUCT_RUN_CHILD_ARRIVAL_RELAY_H
#define KSTRUCT_RUN_CHILD_ARRIVAL_RELAY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "fetch/package/stream/package_stream.h"

/* What the reading process is given: descriptors that it inherits. */
struct arrival_ends {
    int requests; /* written by the reader */
    int replies;
    uint64_t total_size; /* of the package */
    bool has_ranges;     /* any part may be asked for */
};

/* In the process that fetches. */
struct arrival_relay {
    struct package_stream *stream;
    struct arrival_ends ends; /* the reader's */
    int requests;
    int replies;
    pthread_t thread;
    bool has_thread;
    atomic_bool is_waiting; /* the reader, for what has not arrived yet */
    struct error *error;    /* why it does not arrive; the thread's until it has ended */
};

/* Begins to relay what arrives in STREAM, whose size is known. End with arrival_relay_end(), also
 * after a failure. */
struct error *arrival_relay_begin(struct package_stream *stream,
                                  struct arrival_relay *relay) MUST_CHECK;

/* To be called when the reader has ended, however it did. Returns why the package did not arrive,
 * for which the reader has failed then; NULL: nothing was wrong with that. */
struct error *arrival_relay_end(struct arrival_relay *relay) MUST_CHECK;

/* In the process that reads. */
struct arrival_reader {
    struct arrival_ends ends;
    int file_descriptor; /* of what has arrived; see package_stream_descriptor() */
    const char *path;    /* names the package in errors */
    pthread_mutex_t mutex;
};

/* Reads as extract_arrival's read() does; CONTEXT is an arrival_reader. ERROR_INCONCLUSIVE if the
 * bytes do not arrive; why, the other process knows. */
struct error *arrival_reader_read(void *context, uint64_t byte_offset, void *bytes, size_t length,
                                  uint64_t likely_end, size_t *length_ret) MUST_CHECK;

#endif
