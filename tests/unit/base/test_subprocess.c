/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/system/subprocess.h"
#include "tests/unit/unit.h"

static void what_a_program_started_ends_with_it(void **state UNUSED)
{
    static const struct subprocess_limits limits = {.maximum_bytes = 100, .timeout_seconds = 300};
    /* The one in the background holds the outputs open. */
    const char *const words[] = {"sh", "-c", "sleep 1000 & echo $!", NULL};
    struct subprocess_result result;

    assert_success(subprocess_run(words, &limits, &result));
    pid_t left = (pid_t)strtol(buffer_text(&result.output), NULL, 10);
    assert_true(left > 0);
    /* Somebody else waits for it. */
    for (int i = 0; i < 1000 && kill(left, 0) == 0; i++)
        usleep(10000);
    subprocess_result_deinit(&result);
}

static void who_says_too_much_is_ended(void **state UNUSED)
{
    static const struct subprocess_limits limits = {.maximum_bytes = 1000, .timeout_seconds = 300};
    const char *const words[] = {"yes", NULL};
    const char *const complaint[] = {"sh", "-c", "yes >&2", NULL};
    struct subprocess_result result;

    assert_failure(subprocess_run(words, &limits, &result), ERROR_LIMIT,
                   "yes: its output is longer than the 1000 bytes allowed");
    assert_failure(subprocess_run(complaint, &limits, &result), ERROR_LIMIT,
                   "sh: its output is longer");
}

/* Lets time go by again once the program has run for longer than it may. */
static void *resume(void *context)
{
    sleep(2);
    atomic_store((atomic_bool *)context, false);
    return NULL;
}

static void time_does_not_go_by_while_paused(void **state UNUSED)
{
    atomic_bool is_paused = true;
    const struct subprocess_limits limits = {
        .maximum_bytes = 100, .timeout_seconds = 1, .is_paused = &is_paused};
    const char *const words[] = {"sleep", "1.5", NULL};
    const char *const for_ever[] = {"sleep", "1000", NULL};
    struct subprocess_result result;
    pthread_t thread;

    assert_success(subprocess_run(words, &limits, &result));
    subprocess_result_deinit(&result);
    assert_int_equal(pthread_create(&thread, NULL, resume, &is_paused), 0);
    assert_failure(subprocess_run(for_ever, &limits, &result), ERROR_LIMIT,
                   "does not end within 1 s");
    pthread_join(thread, NULL);
}

static void what_is_missing_is_named(void **state UNUSED)
{
    static const struct subprocess_limits limits = {.maximum_bytes = 100, .timeout_seconds = 300};
    const char *const nowhere[] = {"/nowhere/program", NULL};
    const char *const processes[] = {"/proc/nowhere", NULL};
    struct subprocess_result result;

    assert_failure(subprocess_run(nowhere, &limits, &result), ERROR_NOT_FOUND,
                   "/nowhere/program: there is no such program here");
    assert_failure(subprocess_run(processes, &limits, &result), ERROR_SYSTEM,
                   "/proc: is not mounted, and needed to run /proc/nowhere");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_program_started_ends_with_it),
        cmocka_unit_test(who_says_too_much_is_ended),
        cmocka_unit_test(time_does_not_go_by_while_paused),
        cmocka_unit_test(what_is_missing_is_named),
    };

    return cmocka_run_group_tests_name("subprocess", tests, NULL, NULL);
}
