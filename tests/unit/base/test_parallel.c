/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "base/system/parallel.h"
#include "tests/unit/unit.h"

enum { ITEM_COUNT = 1000, JOBS_MAXIMUM = 64 };

struct tally {
    atomic_uint calls[ITEM_COUNT];
    atomic_uint workers[JOBS_MAXIMUM];
    atomic_uint busy[JOBS_MAXIMUM];
    size_t first_failure; /* items from this one on fail */
    size_t slow_item;     /* this one takes its time */
};

static void wait_a_little(void)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

    nanosleep(&pause, NULL);
}

/* cmocka's checks are not for other threads: what is wrong becomes an error. */
static struct error *count_call(void *context, unsigned worker, size_t item)
{
    struct tally *tally = context;

    if (worker >= JOBS_MAXIMUM || item >= ITEM_COUNT)
        return error_create(ERROR_INTERNAL, NULL, "worker %u, item %zu", worker, item);
    if (atomic_fetch_add(&tally->busy[worker], 1) != 0)
        return error_create(ERROR_INTERNAL, NULL, "two threads are worker %u", worker);
    atomic_fetch_add(&tally->calls[item], 1);
    atomic_fetch_add(&tally->workers[worker], 1);
    if (item == tally->slow_item)
        wait_a_little();
    atomic_fetch_sub(&tally->busy[worker], 1);
    if (item >= tally->first_failure)
        return error_create(ERROR_CORRUPT, NULL, "item %zu", item);
    return NULL;
}

static struct tally *new_tally(void)
{
    struct tally *tally = calloc(1, sizeof(*tally));

    tally->first_failure = SIZE_MAX;
    tally->slow_item = SIZE_MAX;
    return tally;
}

static void each_item_is_done_once(void **state UNUSED)
{
    const unsigned jobs[] = {0, 1, 2, 4, JOBS_MAXIMUM};

    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        struct tally *tally = new_tally();
        unsigned total = 0;
        assert_success(parallel_for(jobs[i], ITEM_COUNT, count_call, tally));
        for (size_t item = 0; item < ITEM_COUNT; item++)
            assert_int_equal(tally->calls[item], 1);
        for (unsigned worker = 0; worker < JOBS_MAXIMUM; worker++) {
            total += tally->workers[worker];
            if (worker > 0 && worker >= jobs[i])
                assert_int_equal(tally->workers[worker], 0);
        }
        assert_int_equal(total, ITEM_COUNT);
        free(tally);
    }
}

static void more_jobs_than_items_are_not_used(void **state UNUSED)
{
    struct tally *tally = new_tally();

    assert_success(parallel_for(JOBS_MAXIMUM, 3, count_call, tally));
    for (size_t item = 0; item < ITEM_COUNT; item++)
        assert_int_equal(tally->calls[item], item < 3);
    for (unsigned worker = 3; worker < JOBS_MAXIMUM; worker++)
        assert_int_equal(tally->workers[worker], 0);
    free(tally);
}

static void nothing_to_do_is_no_call(void **state UNUSED)
{
    struct tally *tally = new_tally();

    assert_success(parallel_for(4, 0, count_call, tally));
    assert_int_equal(tally->calls[0], 0);
    free(tally);
}

static void one_job_stops_at_the_first_failure(void **state UNUSED)
{
    struct tally *tally = new_tally();

    tally->first_failure = 10;
    assert_failure(parallel_for(1, ITEM_COUNT, count_call, tally), ERROR_CORRUPT, "item 10");
    for (size_t item = 0; item < ITEM_COUNT; item++)
        assert_int_equal(tally->calls[item], item <= 10);
    free(tally);
}

static void the_lowest_items_error_wins(void **state UNUSED)
{
    for (int i = 0; i < 10; i++) {
        struct tally *tally = new_tally();
        tally->first_failure = 3;
        tally->slow_item = 3;
        assert_failure(parallel_for(8, ITEM_COUNT, count_call, tally), ERROR_CORRUPT, "item 3");
        free(tally);
    }
}

static void after_a_failure_no_item_is_begun(void **state UNUSED)
{
    struct tally *tally = new_tally();
    unsigned begun = 0;

    tally->first_failure = 0;
    assert_failure(parallel_for(4, ITEM_COUNT, count_call, tally), ERROR_CORRUPT, "item 0");
    for (size_t item = 0; item < ITEM_COUNT; item++)
        begun += tally->calls[item];
    assert_in_range(begun, 1, 4);
    free(tally);
}

static struct error *keep_thread(void *context, unsigned worker UNUSED, size_t item UNUSED)
{
    *(pthread_t *)context = pthread_self();
    return NULL;
}

static void one_job_runs_in_the_callers_thread(void **state UNUSED)
{
    pthread_t thread;

    assert_success(parallel_for(1, 1, keep_thread, &thread));
    assert_true(pthread_equal(thread, pthread_self()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_is_done_once),
        cmocka_unit_test(more_jobs_than_items_are_not_used),
        cmocka_unit_test(nothing_to_do_is_no_call),
        cmocka_unit_test(one_job_stops_at_the_first_failure),
        cmocka_unit_test(the_lowest_items_error_wins),
        cmocka_unit_test(after_a_failure_no_item_is_begun),
        cmocka_unit_test(one_job_runs_in_the_callers_thread),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
