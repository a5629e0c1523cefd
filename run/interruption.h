/* SPDX-License-Identifier: MIT */
/*
 * SIGINT, SIGTERM and SIGHUP as a request to end at a safe point. A second one ends the process on
 * the spot, as if there were no such thing. What was ignored before stays so.
 */
#ifndef KSTRUCT_RUN_INTERRUPTION_H
#define KSTRUCT_RUN_INTERRUPTION_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"

struct interruption {
    atomic_bool is_requested;
    atomic_bool is_over; /* it was requested, or given up: what is under way is of no use */
    atomic_bool is_ending;
    struct log *log;
    sigset_t signals;
    pthread_t thread;
    bool has_thread;
};

/* To be called while there is one thread: threads that are started later leave the signals to the
 * interruption. *INTERRUPTION must stay where it is until interruption_end(). */
struct error *interruption_begin(struct interruption *interruption, struct log *log) MUST_CHECK;

/* Signals end the process again. */
void interruption_end(struct interruption *interruption);

/* NULL if nothing was requested; else the error that says so. */
struct error *interruption_check(const struct interruption *interruption) MUST_CHECK;

/* Has all that looks at IS_OVER end, though nothing was requested: after a failure of the whole. */
void interruption_give_up(struct interruption *interruption);

#endif
