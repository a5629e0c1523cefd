/* SPDX-License-Identifier: MIT */
/* The engine's inside: transfers that were set up, run by its thread. */
#ifndef KSTRUCT_FETCH_HTTP_TRANSFER_QUEUE_H
#define KSTRUCT_FETCH_HTTP_TRANSFER_QUEUE_H

#include <curl/curl.h>
#include <pthread.h>
#include <time.h>

#include "fetch/http/response_headers.h"
#include "fetch/http/transfer.h"

/* One transfer. Until it has ended it is the engine's thread's. */
struct transfer {
    const struct transfer_request *request;
    CURL *curl; /* its CURLOPT_PRIVATE is the transfer */
    struct curl_slist *sent_headers;
    struct response_headers headers;
    bool has_begun;
    bool is_range_refused;
    const struct transfer_settings *settings;
    uint64_t received;
    struct timespec begun; /* when the body did, by the monotonic clock */
    bool is_too_slow;      /* on average: it was given up for that */
    struct error *callback_error;
    char detail[CURL_ERROR_SIZE]; /* libcurl's words on the failure */
    CURLcode result;
    /* The queue's: */
    struct transfer *next;
    bool has_ended;
    pthread_cond_t has_ended_condition;
};

/* Has the engine run the transfer, and waits for its end, which is in transfer->result. */
struct error *transfer_queue_run(struct transfer_engine *engine,
                                 struct transfer *transfer) MUST_CHECK;

#endif
