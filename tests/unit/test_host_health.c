/* SPDX-License-Identifier: MIT */
#include "fetch/host_health.h"
#include "tests/unit/fetch_fixture.h"

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
    assert_url_fails(fixture, "/busy/" NAME, NULL, ERROR_INCONCLUSIVE, "HTTP status 503");
    assert_int_equal(request_count(fixture, "/busy/" NAME), 1);
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
    };

    setenv("no_proxy", "127.0.0.1", 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("host_health", tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
