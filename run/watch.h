/* SPDX-License-Identifier: MIT */
/*
 * Whoever watches a run: a terminal's live view, say. A run tells how far each kernel is; what
 * comes of that is no matter of its own. All functions are NULL-safe: often nobody watches.
 */
#ifndef KSTRUCT_RUN_WATCH_H
#define KSTRUCT_RUN_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "fetch/fetch.h"
#include "report/report.h"

/* A kernel goes through them in this order, and may leave some out. */
enum watch_stage {
    WATCH_WAITING,
    WATCH_FETCHING,
    WATCH_FETCHED, /* and waiting to be read */
    WATCH_READING, /* its vmlinux is taken out and analyzed */
    WATCH_STORING,
    WATCH_DONE,
    WATCH_FAILED,
    WATCH_STAGE_COUNT,
};

/* A kernel that is wanted, and the bytes that are to be fetched for it: 0, WATCH_BYTES_UNKNOWN, or
 * what they were the last time. */
struct watch_wish {
    const char *kernel_name; /* copied */
    uint64_t bytes;
};
#define WATCH_BYTES_UNKNOWN UINT64_MAX

struct watch;

/* What who watches does. All but END may be called by any thread. */
struct watch_operations {
    void (*end)(struct watch *watch);
    const struct fetch_observer *(*transfers)(struct watch *watch);
    const struct report_observer *(*report)(struct watch *watch);
    void (*expect)(struct watch *watch, const struct watch_wish *wishes, size_t count);
    void (*set_readers)(struct watch *watch, unsigned count);
    void (*enter)(struct watch *watch, const char *kernel_name, enum watch_stage stage);
    void (*conclude)(struct watch *watch, const char *kernel_name, const struct error *failure);
};

/* The first member of what watches. */
struct watch {
    const struct watch_operations *operations;
};

/* Begins to watch; NULL if there is nobody to show it to. LOG's lines may pass through it until
 * watch_end(). */
typedef struct watch *watch_beginning(struct log *log);

static inline void watch_end(struct watch *watch)
{
    if (watch)
        watch->operations->end(watch);
}

/* To be told of transfers; NULL for NULL. */
static inline const struct fetch_observer *watch_transfers(struct watch *watch)
{
    return watch ? watch->operations->transfers(watch) : NULL;
}

/* The same of a report, which has begun. */
static inline const struct report_observer *watch_report(struct watch *watch)
{
    return watch ? watch->operations->report(watch) : NULL;
}

/* So many more kernels are wanted. */
static inline void watch_expect(struct watch *watch, const struct watch_wish *wishes, size_t count)
{
    if (watch)
        watch->operations->expect(watch, wishes, count);
}

/* So many kernels are read at once. Without this they are only fetched. */
static inline void watch_set_readers(struct watch *watch, unsigned count)
{
    if (watch)
        watch->operations->set_readers(watch, count);
}

/* The kernel has got so far. */
static inline void watch_enter(struct watch *watch, const char *kernel_name, enum watch_stage stage)
{
    if (watch)
        watch->operations->enter(watch, kernel_name, stage);
}

/* The kernel is done, or has failed. FAILURE stays the caller's. */
static inline void watch_conclude(struct watch *watch, const char *kernel_name,
                                  const struct error *failure)
{
    if (watch)
        watch->operations->conclude(watch, kernel_name, failure);
}

#endif
