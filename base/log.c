/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"

#include "base/text/public_url.h"

void log_init(struct log *log, enum log_level level, log_sink *sink, void *context)
{
    log->sink = sink;
    log->context = context;
    log->level = level;
    pthread_mutex_init(&log->mutex, NULL);
}

void log_deinit(struct log *log)
{
    pthread_mutex_destroy(&log->mutex);
}

void log_redirect(struct log *log, struct log_target target, struct log_target *before_ret)
{
    pthread_mutex_lock(&log->mutex);
    *before_ret = (struct log_target){log->sink, log->context};
    log->sink = target.sink;
    log->context = target.context;
    pthread_mutex_unlock(&log->mutex);
}

/* Whatever a line quotes must not steer who reads it. */
static void put(struct log *log, enum log_level level, char *line)
{
    utf8_make_text_printable(line);
    pthread_mutex_lock(&log->mutex);
    if (log->sink)
        log->sink(log->context, level, line);
    pthread_mutex_unlock(&log->mutex);
}

void log_write(struct log *log, enum log_level level, const char *format, ...)
{
    va_list arguments;
    char *line = NULL;

    if (!log || level > log->level)
        return;
    va_start(arguments, format);
    int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    public_url_hide(line);
    put(log, level, line);
    free(line);
}

void log_error(struct log *log, const struct error *error)
{
    if (!log)
        return;
    char *line = error_to_line(error);
    char without_memory[] = "out of memory";
    put(log, LOG_ERROR, line ? line : without_memory);
    free(line);
}
