/* SPDX-License-Identifier: MIT */
#include "run/interruption.h"

#include <string.h>
#include <time.h>

/* How often the thread looks whether it is to end. */
enum { WAIT_MILLISECONDS = 100 };

static void end_on_the_spot(const struct interruption *interruption, int number)
{
    pthread_sigmask(SIG_UNBLOCK, &interruption->signals, NULL);
    raise(number);
}

static void *wait_for_signals(void *context)
{
    struct interruption *interruption = context;
    const struct timespec wait = {0, WAIT_MILLISECONDS * 1000000L};

    while (!atomic_load(&interruption->is_ending)) {
        int number = sigtimedwait(&interruption->signals, NULL, &wait);
        if (number <= 0)
            continue;
        if (atomic_exchange(&interruption->is_requested, true))
            end_on_the_spot(interruption, number);
        atomic_store(&interruption->is_over, true);
        log_write(interruption->log, LOG_WARNING, "%s: ending at the next safe point",
                  strsignal(number));
    }
    return NULL;
}

/* Whoever started the program may want it to go on, as nohup does. */
static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

struct error *interruption_begin(struct interruption *interruption, struct log *log)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

    *interruption = (struct interruption){.log = log};
    sigemptyset(&interruption->signals);
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        if (!is_ignored(numbers[i]))
            sigaddset(&interruption->signals, numbers[i]);
    }
    pthread_sigmask(SIG_BLOCK, &interruption->signals, NULL);
    int reason = pthread_create(&interruption->thread, NULL, wait_for_signals, interruption);
    if (reason != 0) {
        pthread_sigmask(SIG_UNBLOCK, &interruption->signals, NULL);
        return error_create_errno(reason, NULL, "cannot start a thread");
    }
    interruption->has_thread = true;
    return NULL;
}

void interruption_end(struct interruption *interruption)
{
    if (!interruption->has_thread)
        return;
    atomic_store(&interruption->is_ending, true);
    pthread_join(interruption->thread, NULL);
    interruption->has_thread = false;
    pthread_sigmask(SIG_UNBLOCK, &interruption->signals, NULL);
}

void interruption_give_up(struct interruption *interruption)
{
    atomic_store(&interruption->is_over, true);
}

struct error *interruption_check(const struct interruption *interruption)
{
    if (!atomic_load(&interruption->is_requested))
        return NULL;
    return error_create(ERROR_INTERRUPTED, NULL,
                        "interrupted; what was done is kept, and the next run goes on from there");
}
