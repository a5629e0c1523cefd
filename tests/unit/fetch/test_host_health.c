/* SPDX-License-Identifier: MIT */
#include "fetch/http/host_health.h"
#include "tests/unit/samples/fetch_fixture.h"

static void servers_are_told_apart(void **state UNUSED)
{
    struct host_health *health = host_health_create();

    assert_non_null(health);
    host_health_note(health, "http://a.example/x", true);
    host_health_note(health, "http://a.example/z", true);
    host_health_note(health, "https://b.example:8443?x", true);
    assert_true(host_health_is_failing(health, "http://A.example"));
    assert_true(host_health_is_failing(health, "HTTP://a.example/y#z"));
    assert_true(host_health_is_failing(health, "https://b.example:8443/a.example"));
    assert_false(host_health_is_failing(health, "https://a.example/x"));
    assert_false(host_health_is_failing(health, "http://a.example:8080/x"));
    assert_false(host_health_is_failing(health, "http://a.exampl/x"));
    assert_false(host_health_is_failing(health, "http://b.example/http://a.example/"));
    host_health_note(health, "http://a.example/", false);
    assert_false(host_health_is_failing(health, "http://a.example/x"));
    assert_true(host_health_is_failing(health, "https://b.example:8443/"));
    host_health_destroy(health);
}

static void files_have_no_server(void **state UNUSED)
{
    struct host_health *health = host_health_create();

    host_health_note(health, "file:///a/b", true);
    host_health_note(health, "nonsense", true);
    assert_false(host_health_is_failing(health, "file:///a/b"));
    assert_false(host_health_is_failing(health, "nonsense"));
    host_health_destroy(health);
    host_health_destroy(NULL);
    host_health_note(NULL, "http://a/b", true);
    assert_false(host_health_is_failing(NULL, "http://a/b"));
}

/* Three tries for the first, one for what follows, until something arrives again. */
static void a_dead_server_is_not_waited_for_again(void **state)
{
    struct fixture *fixture = *state;
    struct fetched_package package = {0};
    struct host_health *health = host_health_create();

    fixture->settings.host_health = health;
    assert_url_fails(fixture, "/busy/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(fixture, "/busy/" NAME), 3);
    assert_url_fails(fixture, "/closed/" NAME, NULL, ERROR_INCONCLUSIVE, "cannot be fetched");
    assert_int_equal(request_count(fixture, "/closed/" NAME), 1);
    assert_non_null(strstr(fixture->logged, "not tried again"));
    assert_url_fails(fixture, "/none/" NAME, NULL, ERROR_NOT_FOUND, "HTTP status 404");
    assert_url_fails(fixture, "/short/" NAME, NULL, ERROR_INCONCLUSIVE, "ended before the file");
    assert_int_equal(request_count(fixture, "/short/" NAME), 1);

    assert_success(fetch_url(fixture, "/ok/" NAME, NULL, &package));
    fetched_package_deinit(&package);
    run_in(fixture->package_dir, "rm *");
    assert_url_fails(fixture, "/busy/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(fixture, "/busy/" NAME), 6);
    host_health_destroy(health);
}

/* A server that asks for more time than is allowed is given up as well. */
static void a_server_that_asks_for_too_long_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct host_health *health = host_health_create();

    fixture->settings.host_health = health;
    assert_url_fails(fixture, "/later/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 429");
    assert_url_fails(fixture, "/ok/" NAME, NULL, ERROR_INCONCLUSIVE, "wants to be left alone");
    assert_int_equal(request_count(fixture, "/ok/" NAME), 0);
    host_health_destroy(health);
}

static bool enter(struct host_health *health, const char *url, struct host_visit *visit)
{
    return host_health_enter(health, url, 600, NULL, visit);
}

static void one_rule_holds_for_all_of_a_server(void **state UNUSED)
{
    struct host_health *health = host_health_create();
    struct host_visit visit;

    host_health_leave_alone(health, "http://a/x", 3600);
    host_health_leave_alone(health, "http://a/x", 10);
    assert_false(enter(health, "http://A/y", &visit));
    assert_true(visit.has_asked_for_it);
    assert_in_range(visit.seconds_left, 3590, 3600);
    assert_true(enter(health, "http://b/y", &visit));
    host_health_leave(&visit, true);
    host_health_leave_alone(health, "http://b/y", 1);
    assert_true(enter(health, "http://b/y", &visit)); /* a second later */
    host_health_leave(&visit, true);
    assert_true(enter(health, "file:///a", &visit));
    host_health_leave(&visit, true);
    assert_true(enter(NULL, "http://a/x", &visit));
    host_health_leave(&visit, false);
    host_health_destroy(health);
}

static void silent_servers_are_left_alone(void **state UNUSED)
{
    struct host_health *health = host_health_create();
    struct host_visit visit;

    for (int answers = 1; answers >= 0; answers--) {
        assert_true(enter(health, "http://a/x", &visit));
        host_health_leave(&visit, false);
        assert_true(enter(health, "http://a/x", &visit));
        host_health_leave(&visit, answers > 0);
    }
    assert_false(enter(health, "http://a/y", &visit));
    assert_false(visit.has_asked_for_it);
    assert_in_range(visit.seconds_left, 200, 300);
    host_health_destroy(health);
}

struct waiter {
    struct host_health *health;
    atomic_bool is_cancelled;
    atomic_bool has_entered;
    struct host_visit visit;
};

static void *wait_to_enter(void *context)
{
    struct waiter *waiter = context;

    if (host_health_enter(waiter->health, "http://a/y", 600, &waiter->is_cancelled, &waiter->visit))
        waiter->has_entered = true;
    return NULL;
}

/* Only one waits for a server's first answer; the others wait for that one. */
static void the_first_one_is_waited_for(void **state UNUSED)
{
    struct waiter waiter = {.health = host_health_create()};
    struct host_visit first;
    pthread_t thread;

    assert_true(enter(waiter.health, "http://a/x", &first));
    assert_true(first.is_first);
    assert_int_equal(pthread_create(&thread, NULL, wait_to_enter, &waiter), 0);
    usleep(300000);
    assert_false(waiter.has_entered);
    host_health_answered(&first);
    pthread_join(thread, NULL);
    assert_true(waiter.has_entered);
    assert_false(waiter.visit.is_first);
    host_health_leave(&waiter.visit, true);
    host_health_leave(&first, true);

    /* Without an answer the next one tries, and after that none. */
    host_health_destroy(waiter.health);
    waiter.health = host_health_create();
    assert_true(enter(waiter.health, "http://a/x", &first));
    waiter.has_entered = false;
    assert_int_equal(pthread_create(&thread, NULL, wait_to_enter, &waiter), 0);
    host_health_leave(&first, false);
    pthread_join(thread, NULL);
    assert_true(waiter.has_entered && waiter.visit.is_first);
    waiter.is_cancelled = true;
    assert_true(host_health_enter(waiter.health, "http://a/z", 600, &waiter.is_cancelled, &first));
    host_health_leave(&waiter.visit, false);
    assert_false(enter(waiter.health, "http://a/z", &first));
    host_health_destroy(waiter.health);
}

static void a_silent_server_is_asked_by_two(void **state)
{
    struct fixture *fixture = *state;
    struct host_health *health = host_health_create();

    fixture->settings.host_health = health;
    assert_url_fails(fixture, "/closed/" NAME, NULL, ERROR_INCONCLUSIVE, "cannot be fetched");
    assert_url_fails(fixture, "/closed/" NAME, NULL, ERROR_INCONCLUSIVE, "cannot be fetched");
    assert_int_equal(request_count(fixture, "/closed/" NAME), 4);
    assert_url_fails(fixture, "/ok/" NAME, NULL, ERROR_INCONCLUSIVE, "has not answered to others");
    assert_int_equal(request_count(fixture, "/ok/" NAME), 0);
    host_health_destroy(health);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_fixture, remove_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_are_told_apart),
        cmocka_unit_test(files_have_no_server),
        TEST(a_dead_server_is_not_waited_for_again),
        TEST(a_server_that_asks_for_too_long_is_given_up),
        cmocka_unit_test(one_rule_holds_for_all_of_a_server),
        cmocka_unit_test(silent_servers_are_left_alone),
        cmocka_unit_test(the_first_one_is_waited_for),
        TEST(a_silent_server_is_asked_by_two),
    };

    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("host_health", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
