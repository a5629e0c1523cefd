/* SPDX-License-Identifier: MIT */
/*
 * One try to read a URL from beginning to end, or from where an earlier try ended. Transfers that
 * several threads wait for run at once in the thread of a transfer_engine, which keeps connections
 * and limits how many there are.
 */
#ifndef KSTRUCT_FETCH_HTTP_TRANSFER_H
#define KSTRUCT_FETCH_HTTP_TRANSFER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "base/log.h"

struct transfer_engine;

/* Strings are borrowed, for as long as the engine runs. */
struct transfer_settings {
    const char *user_agent; /* NULL: none is sent */
    const char *ca_bundle;  /* a file of certificates to trust; NULL: the system's */
    long connect_timeout_seconds;
    long low_speed_bytes;   /* a second; slower than that for ... */
    long low_speed_seconds; /* ... so long is given up; 0: never */
    long average_bytes;     /* a second, over all of a body but low_speed_seconds; 0: any */
    long maximum_redirects;
    long connections_per_host; /* 0: any number */
    int receive_buffer_bytes;  /* how far the system may receive ahead; 0: as it likes */
    struct log *log;           /* NULL: nothing is logged */
};

/* Needs curl_global_init() before. Stop with transfer_engine_stop(). */
struct error *transfer_engine_start(const struct transfer_settings *settings,
                                    struct transfer_engine **engine_ret) MUST_CHECK;

/* NULL-safe. No transfer may be under way. */
void transfer_engine_stop(struct transfer_engine *engine);

/* Those it was started with. */
const struct transfer_settings *transfer_engine_settings(const struct transfer_engine *engine);

#define TRANSFER_SIZE_UNKNOWN UINT64_MAX

/* What the server says of the bytes that will follow. */
struct transfer_response {
    uint64_t first_byte;   /* of the whole: 0, or what was asked for */
    bool is_part;          /* it sends what was asked for, not the whole */
    uint64_t total_size;   /* of the whole, or TRANSFER_SIZE_UNKNOWN */
    const char *validator; /* tells this state of the file from others: its strong ETag, or else
                              when it was last modified; "" if the server gives neither */
    time_t modified_at;    /* when it was last modified; 0 if the server does not tell */
};

struct transfer_request {
    const char *url;
    /* Ask for the bytes from FIRST_BYTE to before END_BYTE, if the file is still the one of
     * VALIDATOR; 0 and 0: for all. A server that knows no ranges sends all in any case. */
    uint64_t first_byte;
    uint64_t end_byte;     /* 0: to the file's end */
    const char *validator; /* NULL or "" unless FIRST_BYTE is above 0 */
    time_t changed_since;  /* ask only for what was modified after that; 0: in any case */
    bool is_text;          /* may be sent compressed: it is JSON or the like */
    /* Called in the engine's thread, which should not wait long: first BEGIN, once, when the server
     * says that it has the file, then RECEIVE for its bytes. An error ends the transfer. */
    struct error *(*begin)(void *context, const struct transfer_response *response); /* or NULL */
    struct error *(*receive)(void *context, const void *bytes, size_t length);
    void *context;
    const atomic_bool
        *is_cancelled; /* NULL: it never is; when set, the transfer ends in a moment */
};

/* How a failed transfer is to be seen. */
struct transfer_failure {
    bool is_transient;     /* the same may succeed in a moment */
    bool is_range_refused; /* the server answered a request from FIRST_BYTE on with other bytes, or
                              says that there are none */
    bool has_answer;       /* the server has said anything at all */
    unsigned wait_seconds; /* the server asked to be left alone for so long; 0 if it did not */
};

/* Runs a transfer and waits for its end. Redirects are followed, but not from https to http and
 * never to files of this machine. A body shorter or longer than its Content-Length is a failure; an
 * error of BEGIN or RECEIVE is handed on. What was not modified since CHANGED_SINCE ends well
 * without BEGIN having been called. Of FAILURE, only has_answer is set on success. May be called by
 * several threads at once. */
struct error *transfer_run(struct transfer_engine *engine, const struct transfer_request *request,
                           struct transfer_failure *failure) MUST_CHECK;

#endif
