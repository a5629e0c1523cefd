/* SPDX-License-Identifier: MIT */
/*
 * Where messages about progress go. The library writes into a log that its caller made, so only the
 * command line decides what is printed. Safe to use from several threads.
 */
#ifndef KSTRUCT_BASE_LOG_H
#define KSTRUCT_BASE_LOG_H

#include <pthread.h>

#include "base/compiler.h"
#include "base/error.h"

enum log_level {
    LOG_ERROR,   /* something that was asked for was not done */
    LOG_WARNING, /* done, but look at it */
    LOG_NOTICE,  /* what was done, a line a step */
    LOG_DETAIL,  /* how: for -v */
};

/* Receives one line without its line end; utf8_is_printable() holds for each character of it. Never
 * called by two threads at once for one log. */
typedef void log_sink(void *context, enum log_level level, const char *line);

struct log {
    log_sink *sink; /* NULL: nothing is written */
    void *context;
    enum log_level level; /* messages of higher levels are dropped */
    pthread_mutex_t mutex;
};

void log_init(struct log *log, enum log_level level, log_sink *sink, void *context);
void log_deinit(struct log *log);

/* Where lines go. */
struct log_target {
    log_sink *sink;
    void *context;
};

/* Has lines go to TARGET from now on; *BEFORE_RET is where they went, and is set before the first
 * one goes to TARGET. No line is in the middle of the old sink then, and none comes there any more:
 * what it used may be freed. */
void log_redirect(struct log *log, struct log_target target, struct log_target *before_ret);

/* LOG may be NULL: then nothing is written. URLs get their public form (public_url.h). */
void log_write(struct log *log, enum log_level level, const char *format, ...) PRINTF_LIKE(3, 4);

/* The error's line at LOG_ERROR. ERROR stays the caller's. */
void log_error(struct log *log, const struct error *error);

#endif
